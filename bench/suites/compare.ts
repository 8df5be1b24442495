import type { ApplicationPlan } from '../child/plan.js';
import type { Context } from '../context.js';
import { KINDS, type Kind } from '../kinds.js';
import type { Cell, Figure, SuiteResult, Table } from '../report/results.js';
import type { Platform } from '../settings.js';
import { type Estimate, estimate, median, ratios } from '../statistics.js';
import { type Build, inFreshProcess } from '../worker.js';
import { pack } from './packages.js';
import { inTurns } from './turns.js';
import { compare, costOf, inProcessContender, ratioOf } from './variants.js';

/** A figure of both revisions, and its ratio. */
interface Comparison {
  readonly name: string;
  readonly base: number;
  readonly project: number;
  readonly ratio: Estimate;
}

/** Kinds of requests to one application. */
interface Requests {
  readonly name: string;
  readonly plan: Omit<ApplicationPlan, 'platform'>;
  readonly kinds: readonly Kind[];
}

const BUILDS: readonly [Build, Build] = ['base', 'project'];
const OURS = { peer: 'ours', handlers: 20 } as const;
const REQUESTS: readonly Requests[] = [
  { name: '', plan: OURS, kinds: KINDS },
  { name: '', plan: { ...OURS, enforce: 'all', posts: true }, kinds: ['POST enforced'] },
  { name: ', cached asynchronous origin', plan: { ...OURS, resolver: true }, kinds: ['GET allowed'] },
];
/** Boots and loads are short, so their figures vary widely. */
const BOOTS_FOR_EACH_SET = 2;
/** The required confidence of an interval. Six pairs reach it. */
const ENOUGH = 0.95;

/**
 * Compares the sources of the project with those of a revision, in fresh processes that take turns. Reports each
 * figure as faster, slower, or not measurably different. Times never fail the run.
 *
 * @throws Error without a revision
 */
export async function compareRevisions(context: Context): Promise<SuiteResult> {
  const { settings, checkouts } = context;
  if (settings.compare === undefined || checkouts.base === undefined) {
    throw new Error('There is no revision to compare with: `npm run bench -- --compare main`.');
  }
  const tables: Table[] = [];
  const figures: Figure[] = [];
  const keep = (prefix: string, comparisons: readonly Comparison[]) => {
    figures.push(...comparisons.map(({ name, ratio }) => ({ name: `${prefix}${name}`, ratio })));
  };
  for (const platform of settings.platforms) {
    const requests = await compareRequests(context, platform);
    tables.push(tableOf(`${platform}: requests, microseconds of CPU time in process`, requests, settings.compare));
    const boots = await compareBoots(context, platform);
    tables.push(tableOf(`${platform}: boot, milliseconds of CPU time`, boots, settings.compare));
    keep(`${platform}, `, [...requests, ...boots]);
  }
  const packages = await comparePackages(context, { project: checkouts.project, base: checkouts.base });
  tables.push(...packages.tables);
  keep('', packages.loads);
  return { tables, checks: [], plots: [], figures };
}

export type Verdict = 'faster' | 'slower' | 'no difference beyond noise' | 'too few runs to tell';

/** The meaning of a ratio: its interval either excludes 1 or does not. */
export function verdictOf({ low, high, coverage }: Estimate): Verdict {
  if (coverage < ENOUGH) {
    return 'too few runs to tell';
  }
  return high < 1 ? 'faster' : low > 1 ? 'slower' : 'no difference beyond noise';
}

async function compareRequests({ settings, progress }: Context, platform: Platform): Promise<Comparison[]> {
  const effort = settings.quick ? { rounds: 2, block: 30, warmUp: 30 } : { rounds: 25, block: 240, warmUp: 2400 };
  const comparisons: Comparison[] = [];
  for (const { name, plan, kinds } of REQUESTS) {
    const costs = await compare(
      BUILDS.map((build) => ({ name: build, plan: { platform, ...plan }, build })),
      kinds,
      { sets: settings.runs, ...effort },
      (variant, worker) => inProcessContender(variant, worker, kinds),
      (text) => progress.say(`${platform}, ${kinds.join(', ')}${name}: ${text}`),
    );
    for (const kind of kinds) {
      comparisons.push({
        name: `${kind}${name}`,
        base: costOf(costs, kind, 'base'),
        project: costOf(costs, kind, 'project'),
        ratio: ratioOf(costs, kind, 'project', 'base'),
      });
    }
  }
  return comparisons;
}

async function compareBoots({ settings, progress }: Context, platform: Platform): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const handlers of settings.quick ? [200] : [200, 10_000]) {
    const plan: ApplicationPlan = { platform, peer: 'ours', handlers };
    comparisons.push(
      await compareInTurns(
        `boot with ${handlers.toLocaleString('en')} handlers`,
        settings.runs * BOOTS_FOR_EACH_SET,
        (build) => {
          progress.say(`${platform}, boot with ${handlers} handlers, ${build}`);
          return inFreshProcess<{ cpu: number }>('boot', [], 'boot', { plan, profiled: false }, build).then(
            ({ cpu }) => cpu,
          );
        },
      ),
    );
  }
  return comparisons;
}

async function comparePackages(
  { settings, progress }: Context,
  checkouts: Readonly<Record<Build, string>>,
): Promise<{ readonly tables: readonly Table[]; readonly loads: readonly Comparison[] }> {
  progress.say('packing both');
  const packed = { base: pack(checkouts.base, 'base'), project: pack(checkouts.project, 'project') };
  const loads: Comparison[] = [];
  for (const format of ['import', 'require'] as const) {
    progress.say(`loading both by ${format}`);
    loads.push(
      await compareInTurns(format, settings.runs * BOOTS_FOR_EACH_SET, (build) =>
        inFreshProcess<number>('load', [], format, { file: packed[build].entry(format) }),
      ),
    );
  }
  const size = (name: string, of: (one: (typeof packed)['base']) => number): Cell[] => [
    name,
    of(packed.base),
    of(packed.project),
    `${of(packed.project) > of(packed.base) ? '+' : ''}${of(packed.project) - of(packed.base)}`,
  ];
  const revision = settings.compare as string;
  const tables: Table[] = [
    tableOf('loading the package after Nest, milliseconds', loads, revision),
    {
      title: 'the package',
      method: 'As `npm pack` makes it.',
      columns: ['', revision, 'now', 'difference'],
      rows: [size('bytes packed', ({ bytes }) => bytes), size('files', ({ files }) => files)],
    },
  ];
  return { tables, loads };
}

async function compareInTurns(
  name: string,
  pairs: number,
  measure: (build: Build) => Promise<number>,
): Promise<Comparison> {
  const { base, project } = await inTurns(BUILDS, pairs, measure);
  return { name, base: median(base), project: median(project), ratio: estimate(ratios(project, base)) };
}

function tableOf(title: string, comparisons: readonly Comparison[], revision: string): Table {
  const samples = Math.min(...comparisons.map(({ ratio }) => ratio.samples));
  return {
    title,
    method: `Medians; the ratio with its interval (95 % from six pairs on), from at least ${samples} pairs of fresh processes that took turns.`,
    columns: ['', revision, 'now', 'ratio', 'verdict'],
    rows: comparisons.map(({ name, base, project, ratio }) => [name, base, project, ratio, verdictOf(ratio)]),
  };
}
