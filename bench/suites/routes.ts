import type { Answer } from '../child/exchange.js';
import { type ApplicationPlan, lastDecorated, type PathShape, requestPath } from '../child/plan.js';
import type { Context } from '../context.js';
import { checkAnswer, exchangeOf, expectedOf, type Kind } from '../kinds.js';
import { type Check, check, type Plot, type SuiteResult, type Table } from '../report/results.js';
import type { Platform } from '../settings.js';
import { estimate, median, ratios } from '../statistics.js';
import { Worker, withWorkers } from '../worker.js';

/** A request to measure; without a shape, to a path without a handler. */
interface Probe {
  readonly name: string;
  readonly kind: Kind;
  readonly shape: PathShape | undefined;
}

const SHAPES: readonly PathShape[] = ['static', 'parameter', 'wildcard'];
const PROBES: readonly Probe[] = [
  ...SHAPES.map((shape) => ({ name: `preflight, ${shape} path`, kind: 'preflight allowed' as const, shape })),
  { name: 'preflight refused, static path', kind: 'preflight refused', shape: 'static' },
  ...SHAPES.map((shape) => ({ name: `GET, ${shape} path`, kind: 'GET allowed' as const, shape })),
  { name: '404', kind: '404', shape: undefined },
];
const LIMIT = 1.1;

/** The cost of nestjs-cors itself as the number of handlers grows. */
export async function routes({ settings, progress }: Context): Promise<SuiteResult> {
  const numbers = settings.quick ? [1, 100] : [1, 100, 1_000, 10_000];
  const effort = settings.quick ? { count: 100, rounds: 5 } : { count: 60, rounds: 41 };
  const tables: Table[] = [];
  const checks: Check[] = [];
  const plots: Plot[] = [];
  for (const platform of settings.platforms) {
    const costs = new Map<string, number[]>();
    for (let set = 0; set < settings.runs; set++) {
      progress.say(`${platform} routes: set ${set + 1} of ${settings.runs}`);
      await measureSet(platform, numbers, effort, set, (key, cost) => {
        costs.set(key, [...(costs.get(key) ?? []), cost]);
      });
    }
    const at = (probe: Probe, handlers: number) => costs.get(`${probe.name} ${handlers}`) as number[];
    const most = numbers.at(-1) as number;
    tables.push({
      title: `${platform}: own part by number of handlers`,
      method:
        `Nanoseconds for hook, note, look-up, decision and head, without the platform's router, Nest and ` +
        `the handler (of an actual response, what comes on top of a head without us); ${settings.runs} sets of fresh processes. The ratio is paired.`,
      columns: ['', ...numbers.map((number) => number.toLocaleString('en')), `${most.toLocaleString('en')} to 1`],
      rows: PROBES.map((probe) => [
        probe.name,
        ...numbers.map((number) => median(at(probe, number))),
        estimate(ratios(at(probe, most), at(probe, 1))),
      ]),
    });
    checks.push(
      ...PROBES.map((probe) =>
        check(
          `${platform}, ${probe.name}: own part with ${most.toLocaleString('en')} handlers to that with one`,
          estimate(ratios(at(probe, most), at(probe, 1))).median,
          LIMIT,
        ),
      ),
    );
    plots.push({
      file: `routes-${platform}.svg`,
      title: `Own part by number of handlers, ${platform}`,
      horizontal: 'handlers',
      vertical: 'nanoseconds for each request',
      lines: PROBES.map((probe) => ({
        name: probe.name,
        points: numbers.map((number) => [number, median(at(probe, number))] as const),
      })),
    });
  }
  return { tables, checks, plots };
}

interface Turn {
  readonly plan: ApplicationPlan;
  readonly probes: readonly Probe[];
  readonly others: readonly Probe[];
}

/** One fresh process for each number of handlers; with one handler, one for each shape of its path. */
async function measureSet(
  platform: Platform,
  numbers: readonly number[],
  effort: { readonly count: number; readonly rounds: number },
  set: number,
  add: (key: string, cost: number) => void,
): Promise<void> {
  const turns = numbers.flatMap((handlers): Turn[] => {
    const plan = { platform, peer: 'ours' as const, handlers };
    return handlers === 1
      ? SHAPES.map((shape) => ({
          plan: { ...plan, shapes: [shape] },
          probes: PROBES.filter((probe) => (probe.shape ?? 'static') === shape),
          // Paths without a handler are requested too, so that all processes have had the same requests.
          others: PROBES.filter((probe) => probe.shape !== undefined && probe.shape !== shape),
        }))
      : [{ plan, probes: PROBES, others: [] }];
  });
  for (const { plan, probes, others } of set % 2 === 0 ? turns : turns.reverse()) {
    await withWorkers([new Worker('server')], async ([worker]) => {
      await (worker as Worker).ask('start', { plan });
      for (const { kind, shape } of others) {
        const exchange = exchangeOf(kind, requestPath({ ...plan, shapes: [shape as PathShape] }, 2));
        await (worker as Worker).ask<number>('ownPart', { exchange, ...effort });
      }
      const warmed = [];
      for (const probe of probes) {
        const handler = probe.shape === undefined ? undefined : lastDecorated(plan, probe.shape);
        const exchange = exchangeOf(probe.kind, handler === undefined ? '/nowhere' : requestPath(plan, handler));
        const answer = await (worker as Worker).ask<Answer>('answer', { exchange });
        checkAnswer(`${platform}, ${probe.name}`, expectedOf(probe.kind, 'ours'), answer);
        const question = { exchange, handler, ...effort };
        await (worker as Worker).ask<number>('ownPart', question); // Run until compiled.
        warmed.push({ probe, question });
      }
      for (const { question } of warmed) {
        await (worker as Worker).ask<number>('ownPart', question); // The first probes ran less of the code than the last.
      }
      for (const { probe, question } of warmed) {
        add(`${probe.name} ${plan.handlers}`, await (worker as Worker).ask<number>('ownPart', question));
      }
    });
  }
}
