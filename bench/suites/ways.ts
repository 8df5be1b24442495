import type { ApplicationPlan } from '../child/plan.js';
import type { Context } from '../context.js';
import type { Kind } from '../kinds.js';
import { type Check, check, type SuiteResult, type Table } from '../report/results.js';
import { compare, costOf, inProcessContender, ratioOf } from './variants.js';

/** Variants of one application. All are compared with the first. */
interface Ways {
  readonly title: string;
  readonly names: readonly [string, ...string[]];
  readonly plans: readonly Omit<ApplicationPlan, 'platform'>[];
  readonly kinds: readonly Kind[];
  /** The limit of each variant's ratio. Variants without a limit are only reported. */
  readonly limits: Readonly<Record<string, number>>;
}

const OURS = { peer: 'ours', handlers: 20 } as const;

/** A resolver with cached answers, compared with a static list. */
export function asynchronous(context: Context): Promise<SuiteResult> {
  return compareWays(context, {
    title: 'a cached asynchronous origin',
    names: ['static list', 'cached resolver'],
    plans: [OURS, { ...OURS, resolver: true }],
    kinds: ['GET allowed', 'GET refused', 'GET without Origin', 'preflight allowed', 'preflight refused'],
    limits: { 'cached resolver': 1.1 },
  });
}

/** The cost of enforcement for routes that have it, and for other routes. */
export function enforce(context: Context): Promise<SuiteResult> {
  return compareWays(context, {
    title: 'enforcement',
    names: ['no one enforces', 'all other decorated handlers enforce', 'the handler enforces'],
    plans: [OURS, { ...OURS, enforce: 'others' }, { ...OURS, enforce: 'all' }],
    kinds: ['GET allowed', 'GET without Origin', 'preflight allowed'],
    limits: { 'all other decorated handlers enforce': 1.03 },
  });
}

async function compareWays({ settings, progress }: Context, ways: Ways): Promise<SuiteResult> {
  const effort = settings.quick ? { rounds: 2, block: 30, warmUp: 30 } : { rounds: 15, block: 240, warmUp: 2400 };
  const tables: Table[] = [];
  const checks: Check[] = [];
  const [base, ...others] = ways.names;
  for (const platform of settings.platforms) {
    const variants = ways.names.map((name, index) => ({
      name,
      plan: { platform, ...(ways.plans[index] as Omit<ApplicationPlan, 'platform'>) },
    }));
    const costs = await compare(
      variants,
      ways.kinds,
      { sets: settings.runs, ...effort },
      (variant, worker) => inProcessContender(variant, worker, ways.kinds),
      (text) => progress.say(`${platform}, ${ways.title}: ${text}`),
    );
    tables.push({
      title: `${platform}: ${ways.title}`,
      method: `Microseconds of CPU time in process, then paired ratios to that; ${settings.runs} sets of fresh processes.`,
      columns: ['', `${base}, us`, ...others],
      rows: ways.kinds.map((kind) => [
        kind,
        costOf(costs, kind, base),
        ...others.map((name) => ratioOf(costs, kind, name, base)),
      ]),
    });
    for (const name of others) {
      const limit = ways.limits[name];
      if (limit !== undefined) {
        checks.push(
          ...ways.kinds.map((kind) =>
            check(`${platform}, ${kind}: ${name} to ${base}`, ratioOf(costs, kind, name, base).median, limit),
          ),
        );
      }
    }
  }
  return { tables, checks, plots: [] };
}
