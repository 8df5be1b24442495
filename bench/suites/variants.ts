import type { Answer } from '../child/exchange.js';
import { type ApplicationPlan, lastDecorated, requestPath } from '../child/plan.js';
import { checkAnswer, type Exchange, exchangeOf, expectedOf, type Kind } from '../kinds.js';
import { differences, type Estimate, estimate, median, ratios } from '../statistics.js';
import { type Build, Worker, withWorkers } from '../worker.js';

/** One application in a comparison. */
export interface Variant {
  readonly name: string;
  readonly plan: ApplicationPlan;
  /** @default 'project' */
  readonly build?: Build;
}

/** The numbers of processes, rounds and requests. */
export interface Effort {
  /** Fresh sets of processes. */
  readonly sets: number;
  /** Blocks of each variant and kind in a set. */
  readonly rounds: number;
  /** Requests in a block. */
  readonly block: number;
  readonly warmUp: number;
}

/** One variant in its process, ready for exchanges. */
export interface Contender {
  readonly name: string;
  /** @returns microseconds of CPU time for each request */
  run(kind: Kind, count: number): Promise<number>;
  close(): void;
}

/** CPU time for each variant and kind: the blocks of each set in order, in microseconds a request. */
export type CostsBySet = ReadonlyMap<string, readonly (readonly number[])[]>;

const WARM_UP_TURNS = 5;

export function costKey(variant: string, kind: Kind): string {
  return `${variant} ${kind}`;
}

/** Starts a variant in its worker and checks every response that will be timed. */
export async function inProcessContender(variant: Variant, worker: Worker, kinds: readonly Kind[]): Promise<Contender> {
  await worker.ask('start', { plan: variant.plan });
  const exchanges = new Map<Kind, Exchange>();
  for (const kind of kinds) {
    const exchange = exchangeOf(kind, measuredPath(variant.plan));
    const answer = await worker.ask<Answer>('answer', { exchange });
    checkAnswer(`${variant.name}, ${kind}`, expectedOf(kind, variant.plan.peer), answer);
    exchanges.set(kind, exchange);
  }
  return {
    name: variant.name,
    run: (kind, count) => worker.ask<number>('block', { exchange: exchanges.get(kind), count }),
    close: () => undefined,
  };
}

/** The measured path: that of the last handler with a static path and its own policy. */
export function measuredPath(plan: ApplicationPlan): string {
  return requestPath(plan, lastDecorated(plan, 'static'));
}

/**
 * Costs of variants by kind. Each set has one fresh process for each variant. In a set all variants take turns, and
 * every second round reverses the order, so that other load affects them equally.
 */
export async function compare(
  variants: readonly Variant[],
  kinds: readonly Kind[],
  effort: Effort,
  start: (variant: Variant, worker: Worker) => Promise<Contender>,
  say: (text: string) => void,
): Promise<CostsBySet> {
  const costs = new Map<string, (readonly number[])[]>();
  for (let set = 0; set < effort.sets; set++) {
    say(`set ${set + 1} of ${effort.sets}`);
    const workers = variants.map(({ build }) => new Worker('server', [], build));
    await withWorkers(workers, async () => {
      const contenders: Contender[] = [];
      try {
        contenders.push(
          ...(await Promise.all(variants.map((variant, index) => start(variant, workers[index] as Worker)))),
        );
        for (const [key, blocks] of await measureSet(contenders, kinds, effort)) {
          costs.set(key, [...(costs.get(key) ?? []), blocks]);
        }
      } finally {
        for (const contender of contenders) {
          contender.close();
        }
      }
    });
  }
  return costs;
}

async function measureSet(
  contenders: readonly Contender[],
  kinds: readonly Kind[],
  { rounds, block, warmUp }: Effort,
): Promise<Map<string, number[]>> {
  // In turns too, so that the compiler sees all kinds before it optimises.
  for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
    for (const kind of kinds) {
      for (const contender of contenders) {
        await contender.run(kind, Math.ceil(warmUp / WARM_UP_TURNS));
      }
    }
  }
  const blocks = new Map<string, number[]>();
  const backwards = [...contenders].reverse();
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) {
      for (const contender of round % 2 === 0 ? contenders : backwards) {
        const cost = await contender.run(kind, block);
        const key = costKey(contender.name, kind);
        blocks.set(key, [...(blocks.get(key) ?? []), cost]);
      }
    }
  }
  return blocks;
}

/**
 * The ratio of one variant to another for a kind, from blocks of the same round, so that a slow phase of the machine
 * affects both. A set's ratio is the median of its rounds.
 */
export function ratioOf(costs: CostsBySet, kind: Kind, variant: string, base: string): Estimate {
  const bases = costs.get(costKey(base, kind)) ?? [];
  const sets = costs.get(costKey(variant, kind)) ?? [];
  return estimate(sets.map((blocks, set) => median(ratios(blocks, bases[set] ?? []))));
}

/** The added cost of a variant over a base, divided by that of another variant: from the median differences of each set. */
export function addedRatioOf(
  costs: CostsBySet,
  kind: Kind,
  { variant, other, base }: { readonly variant: string; readonly other: string; readonly base: string },
): Estimate {
  const added = (name: string) => {
    const bases = costs.get(costKey(base, kind)) ?? [];
    const sets = costs.get(costKey(name, kind)) ?? [];
    return sets.map((blocks, set) => median(differences(blocks, bases[set] ?? [])));
  };
  return estimate(ratios(added(variant), added(other)));
}

/** The median cost of a variant for a kind, in microseconds. */
export function costOf(costs: CostsBySet, kind: Kind, variant: string): number {
  return median((costs.get(costKey(variant, kind)) ?? []).map(median));
}
