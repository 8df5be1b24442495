import { buildApplication } from './application/build.js';
import { Client } from './client.js';
import type { Violation } from './judge/found.js';
import { type Counts, Oracle } from './judge/oracle.js';
import type { CasePlan } from './plan.js';

/** The result of a case. */
export interface CaseResult {
  readonly violations: readonly Violation[];
  /** How many requests were sent to the application with the module. */
  readonly requests: number;
  /** The result of every exchange. */
  readonly record: readonly string[];
  /** Why the application did not start without the module. Then the case proves nothing. */
  readonly refused?: string;
}

/** Starts the application of a case with and without the module, and checks its requests. */
export async function runCase({ application, requests }: CasePlan, counts: Counts): Promise<CaseResult> {
  const control = await buildApplication(application, false).catch((error: Error) => error);
  if (control instanceof Error) {
    return { violations: [], requests: 0, record: [], refused: control.message };
  }
  const ours = await buildApplication(application, true).catch((error: Error) => error);
  if (ours instanceof Error) {
    await control.running.close();
    const text = `with the module the application does not start: ${ours.message}`;
    return { violations: [{ check: 'status', text }], requests: 0, record: [] };
  }
  const clients = [ours, control].map(({ running, runs }) => new Client(running.port, application.http2, runs)) as [
    Client,
    Client,
  ];
  const oracle = new Oracle(application, clients[0], clients[1], counts);
  try {
    for (const request of requests) {
      await oracle.judge(request);
    }
  } finally {
    for (const client of clients) {
      client.close();
    }
    await Promise.all([ours.running.close(), control.running.close()]);
  }
  return { violations: oracle.violations, requests: clients[0].sent, record: oracle.record };
}
