// One application in a separate process. It answers over sockets and in the process, and reports the cost.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import type { Exchange } from '../kinds.js';
import { createApplication, initialise } from './application.js';
import { InProcess } from './exchange.js';
import { nodeAlone } from './node-alone.js';
import type { ApplicationPlan } from './plan.js';
import { Profiler, sharesOf } from './profile.js';
import { serveCommands } from './serve-commands.js';

interface Running {
  readonly plan: ApplicationPlan;
  /** Absent if Node answers alone. */
  readonly app: INestApplication | undefined;
  readonly server: Server;
  readonly inProcess: InProcess;
}

let running: Running | undefined;
const profiler = new Profiler();

function current(): Running {
  if (running === undefined) {
    throw new Error('No application was started.');
  }
  return running;
}

function microseconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

serveCommands({
  async start({ plan }: { plan: ApplicationPlan }) {
    const app = plan.peer === 'node' ? undefined : await createApplication(plan);
    const server = app === undefined ? nodeAlone() : await initialise(plan, app);
    server.keepAliveTimeout = 0; // Connections stay idle while other variants run.
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running = { plan, app, server, inProcess: new InProcess(server) };
    return { port: (server.address() as AddressInfo).port };
  },

  cpu: () => microseconds(),

  answer: ({ exchange }: { exchange: Exchange }) => current().inProcess.answer(exchange),

  /** @returns microseconds of CPU time for each request */
  async block({ exchange, count }: { exchange: Exchange; count: number }) {
    const { inProcess } = current();
    const before = process.cpuUsage();
    await inProcess.run(exchange, count);
    return microseconds(before) / count;
  },

  /** @returns bytes of heap for each request; the young generation of the process must hold them all */
  async bytes({ exchange, count }: { exchange: Exchange; count: number }) {
    const { inProcess } = current();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await inProcess.run(exchange, count);
    return (process.memoryUsage().heapUsed - before) / count;
  },

  profileStart: () => profiler.start(),

  profileStop: async () => sharesOf(await profiler.stop()),

  // Loaded here, because it imports internal files, which another revision may not have.
  ownPart: async (request: { exchange: Exchange; handler: number | undefined; count: number; rounds: number }) => {
    const { plan, app } = current();
    if (app === undefined) {
      throw new Error('Node alone has no part of ours.');
    }
    const { ownPart } = await import('./own-part.js');
    return ownPart(plan, app, request);
  },
});
