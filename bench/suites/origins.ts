import type { ApplicationPlan } from '../child/plan.js';
import type { Context } from '../context.js';
import type { Kind } from '../kinds.js';
import { type Check, check, type Plot, type SuiteResult, type Table } from '../report/results.js';
import { compare, costOf, inProcessContender, ratioOf } from './variants.js';

const KINDS: readonly Kind[] = ['GET allowed', 'GET refused', 'preflight allowed', 'preflight refused'];
const LIMIT = 1.05;
const SIZES: readonly { readonly name: string; readonly origins: number; readonly patterns: number }[] = [
  { name: '2 origins', origins: 2, patterns: 0 },
  { name: '1,000 origins', origins: 1_000, patterns: 0 },
  { name: '100,000 origins', origins: 100_000, patterns: 0 },
  { name: '100,000 origins, 1,000 patterns', origins: 100_000, patterns: 1_000 },
];

/** The cost of a request as the list of origins grows. */
export async function origins({ settings, progress }: Context): Promise<SuiteResult> {
  const sizes = settings.quick ? SIZES.slice(0, 2) : SIZES;
  const effort = settings.quick ? { rounds: 2, block: 30, warmUp: 30 } : { rounds: 15, block: 240, warmUp: 2400 };
  const tables: Table[] = [];
  const checks: Check[] = [];
  const plots: Plot[] = [];
  for (const platform of settings.platforms) {
    const variants = sizes.map(({ name, origins: exact, patterns }) => ({
      name,
      plan: { platform, peer: 'ours', handlers: 20, origins: exact, patterns } satisfies ApplicationPlan,
    }));
    const costs = await compare(
      variants,
      KINDS,
      { sets: settings.runs, ...effort },
      (variant, worker) => inProcessContender(variant, worker, KINDS),
      (text) => progress.say(`${platform} origins: ${text}`),
    );
    const [least, ...more] = sizes.map(({ name }) => name) as [string, ...string[]];
    tables.push({
      title: `${platform}: whole request by number of origins`,
      method: `Microseconds of CPU time in process with two origins, then paired ratios to that; ${settings.runs} sets of fresh processes.`,
      columns: ['', `${least}, us`, ...more],
      rows: KINDS.map((kind) => [
        kind,
        costOf(costs, kind, least),
        ...more.map((name) => ratioOf(costs, kind, name, least)),
      ]),
    });
    const last = more.at(-1) as string;
    checks.push(
      ...KINDS.map((kind) =>
        check(`${platform}, ${kind}: ${last} to ${least}`, ratioOf(costs, kind, last, least).median, LIMIT),
      ),
    );
    plots.push({
      file: `origins-${platform}.svg`,
      title: `Whole request by number of origins, ${platform}, in process`,
      horizontal: 'origins',
      vertical: 'microseconds for each request',
      lines: KINDS.map((kind) => ({
        name: kind,
        points: sizes
          .filter(({ patterns }) => patterns === 0)
          .map(({ name, origins: exact }) => [exact, costOf(costs, kind, name)] as const),
      })),
    });
  }
  return { tables, checks, plots };
}
