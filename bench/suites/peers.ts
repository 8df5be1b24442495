import type { Peer } from '../child/plan.js';
import type { Context } from '../context.js';
import { checkAnswer, exchangeOf, expectedOf, KINDS, type Kind } from '../kinds.js';
import { Connections, requestBytes, type WireAnswer } from '../load.js';
import { type Check, check, type SuiteResult, type Table } from '../report/results.js';
import type { Platform } from '../settings.js';
import type { Worker } from '../worker.js';
import {
  addedRatioOf,
  type Contender,
  type CostsBySet,
  compare,
  costOf,
  type Effort,
  inProcessContender,
  measuredPath,
  ratioOf,
  type Variant,
} from './variants.js';

const PEERS: readonly Peer[] = ['node', 'none', 'floor', 'options', 'delegate', 'ours'];
const HANDLERS = 20;
const CONNECTIONS = 8;
/** Express requests cost several times as much as Fastify requests. */
const EFFORT: Readonly<Record<Platform, Omit<Effort, 'sets'>>> = Object.freeze({
  express: { rounds: 15, block: 150, warmUp: 1500 },
  fastify: { rounds: 31, block: 300, warmUp: 3000 },
});
/** Requests that a handler answers. Their CORS cost is the difference to a run without CORS. */
const ON_TOP: readonly Kind[] = ['GET allowed', 'GET refused', 'GET without Origin'];
/** Requests that CORS answers itself. */
const ALONE: readonly Kind[] = ['preflight allowed', 'preflight refused'];
/** The limit, as a multiple of `enableCors(options)`: of the difference to no CORS, and of whole preflights. */
const LIMITS = Object.freeze({
  express: Object.freeze({ onTop: 0.45, alone: 0.25 }),
  fastify: Object.freeze({ onTop: 0.35, alone: 0.95 }),
});
const NAMES: Readonly<Record<Peer, string>> = Object.freeze({
  node: 'Node alone',
  none: 'none',
  floor: 'floor',
  options: 'enableCors(options)',
  delegate: 'enableCors(delegate)',
  ours: 'nestjs-cors',
});

/** Whole applications that differ only in their CORS, with requests over sockets. */
export function sockets(context: Context): Promise<SuiteResult> {
  return peers(context, 'over sockets', socketContender);
}

/** The same inside the processes, without sockets and parsing. */
export function inProcess(context: Context): Promise<SuiteResult> {
  return peers(context, 'in process', inProcessContender);
}

async function peers(
  { settings, progress }: Context,
  where: string,
  start: (variant: Variant, worker: Worker, kinds: readonly Kind[]) => Promise<Contender>,
): Promise<SuiteResult> {
  const tables: Table[] = [];
  const checks: Check[] = [];
  for (const platform of settings.platforms) {
    const effort = {
      sets: settings.runs,
      ...(settings.quick ? { rounds: 2, block: 30, warmUp: 30 } : EFFORT[platform]),
    };
    const variants = PEERS.map((peer) => ({ name: peer, plan: { platform, peer, handlers: HANDLERS } }));
    const costs = await compare(
      variants,
      KINDS,
      effort,
      (variant, worker) => start(variant, worker, KINDS),
      (text) => progress.say(`${platform} ${where}: ${text}`),
    );
    tables.push(...tablesOf(platform, where, costs, effort));
    checks.push(...checksOf(platform, where, costs));
  }
  return { tables, checks, plots: [] };
}

function tablesOf(platform: Platform, where: string, costs: CostsBySet, { sets, rounds, block }: Effort): Table[] {
  const about = `${sets} sets of fresh processes, ${rounds} blocks of ${block} requests each; CPU time of the serving process.`;
  return [
    {
      title: `${platform}, ${where}: ratio to enableCors(options)`,
      method: `Median over sets of the median ratio of blocks side by side, with its 95 % interval. ${about}`,
      columns: ['', ...PEERS.map((peer) => NAMES[peer]), 'nestjs-cors to floor'],
      rows: KINDS.map((kind) => [
        kind,
        ...PEERS.map((peer) => (peer === 'options' ? '1' : ratioOf(costs, kind, peer, 'options'))),
        ratioOf(costs, kind, 'ours', 'floor'),
      ]),
    },
    {
      title: `${platform}, ${where}: what comes on top of a request without CORS, to enableCors(options)`,
      method: `For each set the median difference to *none* of blocks side by side; then the ratio of two such differences. ${about}`,
      columns: ['', NAMES.floor, NAMES.delegate, NAMES.ours],
      rows: ON_TOP.map((kind) => [
        kind,
        ...(['floor', 'delegate', 'ours'] as const).map((variant) =>
          addedRatioOf(costs, kind, { variant, other: 'options', base: 'none' }),
        ),
      ]),
    },
    {
      title: `${platform}, ${where}: microseconds for each request`,
      method: `Median CPU time. ${about}`,
      columns: ['', ...PEERS.map((peer) => NAMES[peer])],
      rows: KINDS.map((kind) => [kind, ...PEERS.map((peer) => costOf(costs, kind, peer))]),
    },
  ];
}

function checksOf(platform: Platform, where: string, costs: CostsBySet): Check[] {
  const { onTop, alone } = LIMITS[platform];
  return [
    ...ON_TOP.map((kind) =>
      check(
        `${platform} ${where}, ${kind}: cost on top of none, to that of ${NAMES.options}`,
        addedRatioOf(costs, kind, { variant: 'ours', other: 'options', base: 'none' }).median,
        onTop,
      ),
    ),
    ...ALONE.map((kind) =>
      check(
        `${platform} ${where}, ${kind}: to ${NAMES.options}`,
        ratioOf(costs, kind, 'ours', 'options').median,
        alone,
      ),
    ),
  ];
}

async function socketContender(variant: Variant, worker: Worker, kinds: readonly Kind[]): Promise<Contender> {
  const { port } = await worker.ask<{ port: number }>('start', { plan: variant.plan });
  const connections = await Connections.open(port, CONNECTIONS);
  const prepared = new Map<Kind, { bytes: Buffer; answer: WireAnswer }>();
  for (const kind of kinds) {
    const bytes = requestBytes(exchangeOf(kind, measuredPath(variant.plan)));
    const answer = await connections.ask(bytes);
    checkAnswer(`${variant.name}, ${kind}`, expectedOf(kind, variant.plan.peer), answer);
    prepared.set(kind, { bytes, answer });
  }
  return {
    name: variant.name,
    async run(kind, count) {
      const { bytes, answer } = prepared.get(kind) as { bytes: Buffer; answer: WireAnswer };
      const before = await worker.ask<number>('cpu');
      await connections.run(bytes, count, answer);
      return ((await worker.ask<number>('cpu')) - before) / count;
    },
    close: () => connections.close(),
  };
}
