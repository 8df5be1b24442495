import { fileURLToPath } from 'node:url';
import type { Context } from '../context.js';
import { type Check, check, type SuiteResult } from '../report/results.js';
import { type Estimate, estimate, median, ratios } from '../statistics.js';
import { inFreshProcess } from '../worker.js';
import { pack } from './packages.js';
import { inTurns } from './turns.js';

/** The limit, as a multiple of the time for `@nestjs/config`. */
const LIMITS = Object.freeze({ import: 0.6, require: 0.7 });
const NAMES = ['nestjs-cors', '@nestjs/config'] as const;
/** Processes that only load are short, so their figures vary widely. */
const PAIRS_FOR_EACH_RUN = 3;

/** The cost of loading the packed package in a process that already has Nest, as in a cold start. */
export async function load({ settings, progress, checkouts }: Context): Promise<SuiteResult> {
  const packed = pack(checkouts.project, 'project');
  const reference = fileURLToPath(import.meta.resolve('@nestjs/config'));
  const pairs = settings.runs * PAIRS_FOR_EACH_RUN;
  const rows: (string | number | Estimate)[][] = [];
  const checks: Check[] = [];
  for (const format of ['import', 'require'] as const) {
    progress.say(`loading both by ${format}, ${pairs} pairs`);
    const files = { 'nestjs-cors': packed.entry(format), '@nestjs/config': reference };
    const figures = await inTurns(NAMES, pairs, (name) =>
      inFreshProcess<number>('load', [], format, { file: files[name] }),
    );
    const ratio = estimate(ratios(figures['nestjs-cors'], figures['@nestjs/config']));
    rows.push([format, ...NAMES.map((name) => median(figures[name])), ratio]);
    checks.push(check(`loading by ${format}, to loading @nestjs/config`, ratio.median, LIMITS[format]));
  }
  const table = {
    title: 'loading the package after Nest, milliseconds',
    method: `Medians of ${pairs} pairs of fresh processes that took turns; \`require\` loads the CommonJS file.`,
    columns: ['', ...NAMES, 'ratio'],
    rows,
  };
  return { tables: [table], checks, plots: [] };
}
