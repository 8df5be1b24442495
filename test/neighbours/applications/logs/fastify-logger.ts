import { Controller, Get, Module, Req } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { Reports } from '../../support/reports.js';

interface Line {
  readonly msg: string;
  readonly reqId?: string;
  readonly res?: { readonly statusCode: number };
  readonly err?: { readonly message: string };
}

export default {
  name: "Fastify's logger",
  packages: ['fastify', 'pino'],
  platforms: ['fastify'],
  async start(platform, spy) {
    const log = new Reports<Line>();

    @Controller('items')
    class ItemsController {
      @Get() list(@Req() { log }: { log: { info(message: string): void } }) {
        log.info('listed');
        return spy.ran('list');
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      adapter: { logger: { stream: { write: (line: string) => log.add(JSON.parse(line)) } }, bodyLimit: 10 },
    });
    let messages = '';
    const lineOfResponse = ({ res }: Line) => res !== undefined;
    return {
      // Fastify logs preflights too.
      send: async (asked) => {
        const answer = await request(asked);
        const lines = (await log.until(lineOfResponse)).filter(({ reqId }) => reqId !== undefined);
        messages = lines.map(({ msg, res }) => (res ? `${msg} ${res.statusCode}` : msg)).join(', ');
        if (asked.method === 'OPTIONS' && messages !== `incoming request, request completed ${answer.status}`) {
          throw new Error(`the log of the preflight is: ${messages}`);
        }
        return answer;
      },
      close,
      questions: {
        '': {
          path: '/items',
          ran: ['list'],
          work: () => messages === 'incoming request, listed, request completed 200',
        },
      },
      errors: {
        'body too large': {
          method: 'POST',
          path: '/items',
          headers: { 'Content-Type': 'text/plain' },
          body: 'eleven byte',
          status: 413,
          work: () => messages.endsWith('request completed 413'),
        },
      },
    };
  },
} satisfies Neighbour;
