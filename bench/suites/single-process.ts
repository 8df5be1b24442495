import type { Context } from '../context.js';
import { check, type SuiteResult } from '../report/results.js';
import { type Estimate, estimate, median } from '../statistics.js';
import { inFreshProcess, LARGE_YOUNG_GENERATION } from '../worker.js';

interface DecideCost {
  readonly name: string;
  readonly nanoseconds: number;
  readonly bytes: number;
}

interface OriginsMemory {
  readonly bytesPerOrigin: number;
  readonly stringBytesPerOrigin: number;
}

/** `decide()` alone. */
export async function decide({ settings, progress }: Context): Promise<SuiteResult> {
  const count = settings.quick ? 20_000 : 200_000;
  const names: string[] = [];
  const nanoseconds = new Map<string, number[]>();
  const bytes = new Map<string, number[]>();
  for (let set = 0; set < settings.runs; set++) {
    progress.say(`decide: set ${set + 1} of ${settings.runs}`);
    const costs = await inFreshProcess<DecideCost[]>('core', [...LARGE_YOUNG_GENERATION], 'decide', { count });
    for (const cost of costs) {
      if (!names.includes(cost.name)) {
        names.push(cost.name);
      }
      nanoseconds.set(cost.name, [...(nanoseconds.get(cost.name) ?? []), cost.nanoseconds]);
      bytes.set(cost.name, [...(bytes.get(cost.name) ?? []), cost.bytes]);
    }
  }
  const estimateOf = (values: ReadonlyMap<string, number[]>, name: string): Estimate =>
    estimate(values.get(name) as number[]);
  return {
    tables: [
      {
        title: 'decide() alone',
        method: `${count.toLocaleString('en')} calls in each of ${settings.runs} fresh processes, the results kept.`,
        columns: ['', 'nanoseconds', 'bytes'],
        rows: names.map((name) => [name, estimateOf(nanoseconds, name), median(bytes.get(name) as number[])]),
      },
    ],
    checks: names
      .filter((name) => name.includes('refused') || name.includes('without'))
      .map((name) => check(`decide(), ${name}: bytes allocated`, Math.round(median(bytes.get(name) as number[])), 0)),
    plots: [],
  };
}

/** Memory of a long list of exact origins. */
export async function memory({ settings, progress }: Context): Promise<SuiteResult> {
  const origins = settings.quick ? 10_000 : 100_000;
  const sets = settings.quick ? 1 : Math.min(3, settings.runs);
  const found: OriginsMemory[] = [];
  for (let set = 0; set < sets; set++) {
    progress.say(`memory: set ${set + 1} of ${sets}`);
    found.push(await inFreshProcess<OriginsMemory>('core', ['--expose-gc'], 'memory', { origins }));
  }
  const perOrigin = median(found.map(({ bytesPerOrigin }) => bytesPerOrigin));
  return {
    tables: [
      {
        title: 'Memory of exact origins',
        method: `Heap after compiling a policy of ${origins.toLocaleString('en')} exact origins, less the heap before; the strings of the option itself are not counted.`,
        columns: ['', 'bytes for each origin'],
        rows: [
          ['the strings of the option', median(found.map(({ stringBytesPerOrigin }) => stringBytesPerOrigin))],
          ['what the application holds beyond them', perOrigin],
        ],
      },
    ],
    checks: [check('memory of an exact origin beyond its string, in bytes', perOrigin, 150)],
    plots: [],
  };
}
