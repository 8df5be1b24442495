import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { rawRequest } from '../../../support/requests/raw-request.js';
import { PLATFORMS, startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

const WORKERS = 2;

if (cluster.isWorker) {
  await startWorker(process.argv[2]);
}

export default {
  name: 'cluster',
  packages: [],
  todo: { text: 'share the answers of resolvers', heading: 'Cluster' },
  async start(platform, spy) {
    cluster.setupPrimary({ exec: fileURLToPath(import.meta.url), args: [platform.name] });
    const workers = Array.from({ length: WORKERS }, () => cluster.fork());
    const [port] = await Promise.all(
      workers.map(async (worker) => {
        const address = await new Promise<{ port: number }>((resolve) => worker.once('listening', resolve));
        worker.on('message', (name: string) => {
          spy.ran(name);
          worker.send('recorded');
        });
        return address.port;
      }),
    );
    const answered = new Set<string>();
    return {
      // Node gives the connections to the workers in turn.
      send: (request) => rawRequest({ port: port as number }, request),
      close: () => new Promise<void>((resolve) => cluster.disconnect(resolve)),
      questions: {
        '': {
          path: '/items',
          ran: ['list'],
          work: ({ text }) => {
            answered.add(text);
            return text.startsWith('worker ');
          },
        },
      },
      errors: {
        '': { path: '/missing', status: 404, work: () => answered.size === WORKERS },
      },
    };
  },
} satisfies Neighbour;

/** The main.ts of a worker. */
async function startWorker(platformName: string | undefined) {
  @Controller('items')
  class ItemsController {
    /** Tells the primary process, and waits until it has recorded that. */
    @Get() async list() {
      await new Promise((resolve) => {
        process.once('message', resolve);
        process.send?.('list');
      });
      return `worker ${cluster.worker?.id}`;
    }
  }

  @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
  class AppModule {}

  const platform = PLATFORMS.find(({ name }) => name === platformName);
  if (platform === undefined) {
    throw new Error(`no platform "${platformName}"`);
  }
  await startApp(platform, AppModule);
}
