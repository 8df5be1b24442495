import { Controller, Get, Module, Logger as NestLogger } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { Logger, LoggerErrorInterceptor, LoggerModule } from 'nestjs-pino';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { Reports } from '../../support/reports.js';

interface Line {
  readonly msg: string;
  readonly context?: string;
  readonly req?: { readonly id: number; readonly method: string };
  readonly res?: { readonly statusCode: number };
  readonly err?: { readonly message: string };
}

export default {
  name: 'pino',
  packages: ['nestjs-pino', 'pino-http'],
  async start(platform, spy) {
    const log = new Reports<Line>();

    @Controller('items')
    class ItemsController {
      readonly #logger = new NestLogger('ItemsController');

      @Get() list() {
        this.#logger.log('listed');
        return spy.ran('list');
      }
      @Get('broken') broken() {
        throw new Error(spy.ran('broken'));
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({ origin: PAGE }),
        LoggerModule.forRoot({ pinoHttp: [{}, { write: (line: string) => log.add(JSON.parse(line)) }] }),
      ],
      controllers: [ItemsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      application: { bufferLogs: true, logger: undefined },
      configure: (app) => {
        app.useLogger(app.get(Logger));
        app.useGlobalInterceptors(new LoggerErrorInterceptor());
      },
    });
    let lines: Line[] = [];
    const logged = (...messages: string[]) =>
      lines.map(({ msg }) => msg).join() === messages.join() && new Set(lines.map(({ req }) => req?.id)).size === 1;
    return {
      // A line about a preflight would be among the lines of the next request.
      send: async (asked) => {
        const answer = await request(asked);
        if (asked.method !== 'OPTIONS') {
          const until = await log.until(({ res }) => res !== undefined);
          lines = until.filter(({ req, context }) => req !== undefined && context !== 'CorsModule');
        }
        return answer;
      },
      close,
      questions: {
        '': {
          path: '/items',
          ran: ['list'],
          work: () => logged('listed', 'request completed') && lines.at(-1)?.res?.statusCode === 200,
        },
      },
      errors: {
        '': {
          path: '/items/broken',
          status: 500,
          ran: ['broken'],
          work: () => lines.at(-1)?.msg === 'request errored' && lines.at(-1)?.err?.message === 'broken',
        },
      },
    };
  },
} satisfies Neighbour;
