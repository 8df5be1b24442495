import { Writable } from 'node:stream';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { WinstonModule } from 'nest-winston';
import { CorsModule } from 'nestjs-cors';
import { createLogger, transports } from 'winston';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { Reports } from '../../support/reports.js';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly context: string;
}

export default {
  name: 'winston',
  packages: ['nest-winston', 'winston'],
  async start(platform, spy) {
    const log = new Reports<Line>();

    @Controller('items')
    class ItemsController {
      readonly #logger = new Logger('ItemsController');

      @Get() list() {
        this.#logger.log('listed');
        return spy.ran('list');
      }
      @Get('broken') broken() {
        throw new Error(spy.ran('broken'));
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
    class AppModule {}

    const stream = new Writable({
      write(chunk, _encoding, done) {
        log.add(JSON.parse(String(chunk)));
        done();
      },
    });
    const instance = createLogger({ transports: [new transports.Stream({ stream })] });
    const { request, close } = await startApp(platform, AppModule, {
      application: { logger: WinstonModule.createLogger({ instance }) },
    });
    let line: Line | undefined;
    return {
      send: async (asked) => {
        const answer = await request(asked);
        if (asked.method !== 'OPTIONS') {
          line = (await log.until(({ context }) => /^(ItemsController|ExceptionsHandler)$/.test(context))).at(-1);
        }
        return answer;
      },
      close,
      questions: {
        '': { path: '/items', ran: ['list'], work: () => line?.level === 'info' && line.message === 'listed' },
      },
      errors: {
        '': {
          path: '/items/broken',
          status: 500,
          ran: ['broken'],
          work: () => line?.level === 'error' && line.message === 'broken',
        },
      },
    };
  },
} satisfies Neighbour;
