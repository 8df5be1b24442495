import type { Answer } from '../child/exchange.js';
import type { ApplicationPlan } from '../child/plan.js';
import type { Context } from '../context.js';
import { type Exchange, exchangeOf } from '../kinds.js';
import { type Check, check, type SuiteResult, type Table } from '../report/results.js';
import { estimate, median, ratios } from '../statistics.js';
import { LARGE_YOUNG_GENERATION, Worker, withWorkers } from '../worker.js';
import { measuredPath } from './variants.js';

const SIZE = 16_384;
const HONEST = 'honest preflight';
/** The maximum number of names, each of them allowed. */
const LONG_LIST = '1 KiB of one allowed name, within the bounds';
const LIMIT = 1.5;
/** More than the difference between two refusals, and far less than a copy of the request. */
const BYTES_LIMIT = 1_024;

/** Preflights that try to be expensive, within the limits of Node. */
function preflights(path: string): ReadonlyMap<string, Exchange> {
  const honest = exchangeOf('preflight allowed', path);
  const asking = (names: string): Exchange => ({
    ...honest,
    headers: { ...honest.headers, 'access-control-request-headers': names },
  });
  const repeated = (element: string) => element.repeat(Math.ceil(SIZE / element.length)).slice(0, SIZE);
  return new Map([
    [HONEST, honest],
    ['16 KiB of commas', asking(repeated(','))],
    ['16 KiB of spaces', asking(`a${repeated(' ')}b`)],
    ['16 KiB of tabs', asking(`a${repeated('\t')}b`)],
    ['16 KiB of one allowed name', asking(repeated('authorization,'))],
    [
      '16 KiB of unknown names',
      asking(
        Array.from({ length: 2_048 }, (_, index) => `x-${index}`)
          .join(',')
          .slice(0, SIZE),
      ),
    ],
    [LONG_LIST, asking(Array(60).fill('authorization').join(','))],
    [
      '8 KiB of Origin',
      { ...honest, headers: { ...honest.headers, origin: `https://${'a'.repeat(8_192)}.example.com` } },
    ],
  ]);
}

/** The cost of hostile preflights compared with an ordinary one, in CPU time and bytes. */
export async function hostile({ settings, progress }: Context): Promise<SuiteResult> {
  const effort = settings.quick ? { rounds: 2, block: 30, warmUp: 30 } : { rounds: 15, block: 400, warmUp: 4000 };
  const tables: Table[] = [];
  const checks: Check[] = [];
  for (const platform of settings.platforms) {
    const plan: ApplicationPlan = { platform, peer: 'ours', handlers: 20 };
    const all = preflights(measuredPath(plan));
    const times = new Map<string, number[]>();
    const bytes = new Map<string, number[]>();
    for (let set = 0; set < settings.runs; set++) {
      progress.say(`${platform} hostile: set ${set + 1} of ${settings.runs}`);
      await withWorkers([new Worker('server', LARGE_YOUNG_GENERATION)], async ([process]) => {
        const worker = process as Worker;
        await worker.ask('start', { plan });
        const rounds = new Map<string, number[]>();
        for (const [name, exchange] of all) {
          await checkRefused(worker, name, exchange);
          await worker.ask('block', { exchange, count: effort.warmUp });
        }
        for (let round = 0; round < effort.rounds; round++) {
          for (const [name, exchange] of all) {
            const cost = await worker.ask<number>('block', { exchange, count: effort.block });
            rounds.set(name, [...(rounds.get(name) ?? []), cost]);
          }
        }
        for (const [name, exchange] of all) {
          times.set(name, [...(times.get(name) ?? []), median(rounds.get(name) as number[])]);
          const allocated = await worker.ask<number>('bytes', { exchange, count: settings.quick ? 100 : 1_000 });
          bytes.set(name, [...(bytes.get(name) ?? []), allocated]);
        }
      });
    }
    const honest = times.get(HONEST) as number[];
    const ratio = (name: string) => estimate(ratios(times.get(name) as number[], honest));
    const extra = (name: string) => median(bytes.get(name) as number[]) - median(bytes.get(HONEST) as number[]);
    const names = [...all.keys()];
    tables.push({
      title: `${platform}: hostile preflights`,
      method: `In process, so without Node's own parsing of long headers; ${settings.runs} sets. Bytes include the request and response objects.`,
      columns: ['', 'us', 'ratio to honest', 'bytes'],
      rows: names.map((name) => [
        name,
        median(times.get(name) as number[]),
        ratio(name),
        median(bytes.get(name) as number[]),
      ]),
    });
    for (const name of names.slice(1)) {
      if (name === LONG_LIST) {
        continue; // It is read to its end, like an ordinary list of as many names, so it is reported without a limit.
      }
      checks.push(check(`${platform}, ${name}: ratio to an honest preflight`, ratio(name).median, LIMIT));
      checks.push(check(`${platform}, ${name}: bytes more than an honest preflight`, extra(name), BYTES_LIMIT));
    }
  }
  return { tables, checks, plots: [] };
}

/** All are refused, except the ordinary one and the long one within the bounds. */
async function checkRefused(worker: Worker, name: string, exchange: Exchange): Promise<void> {
  const expected = name === HONEST || name === LONG_LIST ? 204 : 403;
  const { status } = await worker.ask<Answer>('answer', { exchange });
  if (status !== expected) {
    throw new Error(`${name}: expected ${expected}, got ${status}.`);
  }
}
