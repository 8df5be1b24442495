import type { ApplicationPlan, Peer } from '../child/plan.js';
import type { Shares } from '../child/profile.js';
import type { Context } from '../context.js';
import { checkAnswer, exchangeOf, expectedOf, KINDS } from '../kinds.js';
import { Connections, requestBytes } from '../load.js';
import type { SuiteResult, Table } from '../report/results.js';
import { Worker, withWorkers } from '../worker.js';
import { measuredPath } from './variants.js';

const COLUMNS = Object.freeze([
  'nestjs-cors',
  'cors packages',
  'platform',
  'Nest',
  'Node',
  'writing to the socket',
  'garbage collection',
  'the rest of the process',
]);

/** The share of a request's time for each owner of code. */
export async function profile({ settings, progress }: Context): Promise<SuiteResult> {
  const effort = settings.quick ? { warmUp: 30, count: 100 } : { warmUp: 6_000, count: 20_000 };
  const tables: Table[] = [];
  for (const platform of settings.platforms) {
    for (const peer of ['ours', 'options'] as const) {
      progress.say(`${platform} profile: ${peer}`);
      tables.push(await profileOf({ platform, peer, handlers: 20 }, peer, effort));
    }
  }
  return { tables, checks: [], plots: [] };
}

function profileOf(
  plan: ApplicationPlan,
  peer: Peer,
  { warmUp, count }: { readonly warmUp: number; readonly count: number },
): Promise<Table> {
  return withWorkers([new Worker('server')], async ([process]) => {
    const worker = process as Worker;
    const { port } = await worker.ask<{ port: number }>('start', { plan });
    const connections = await Connections.open(port, 8);
    const rows: (readonly string[])[] = [];
    for (const kind of KINDS) {
      const bytes = requestBytes(exchangeOf(kind, measuredPath(plan)));
      const answer = await connections.ask(bytes);
      checkAnswer(`${plan.platform} ${peer}, ${kind}`, expectedOf(kind, peer), answer);
      await connections.run(bytes, warmUp, answer);
      await worker.ask('profileStart');
      await connections.run(bytes, count, answer);
      const shares = await worker.ask<Shares>('profileStop');
      rows.push([kind, ...COLUMNS.map((column) => `${(100 * (shares[column] ?? 0)).toFixed(1)} %`)]);
    }
    connections.close();
    return {
      title: `${plan.platform}, ${peer === 'ours' ? 'nestjs-cors' : 'enableCors(options)'}: whose code runs`,
      method: `Shares of a sampling profile of the serving process, ${count.toLocaleString('en')} requests of each kind over sockets. What Node does for its callers counts as Node.`,
      columns: ['', ...COLUMNS],
      rows,
    };
  });
}
