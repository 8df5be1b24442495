import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

/** The limit is the number of actual requests in the four ways: preflights do not count. */
const LIMIT = 2;

export default {
  name: 'throttler',
  packages: ['@nestjs/throttler'],
  todo: { text: 'expose `Retry-After`', heading: 'Rate limits' },
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({ origin: PAGE, exposedHeaders: ['Retry-After'] }),
        ThrottlerModule.forRoot([{ ttl: 60_000, limit: LIMIT }]),
      ],
      controllers: [ItemsController],
      providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const list = { path: '/items', exposes: 'retry-after' };
    return {
      send: request,
      close,
      questions: {
        '': { ...list, ran: ['list'], work: (answer) => headerValues(answer, 'x-ratelimit-limit')[0] === `${LIMIT}` },
      },
      errors: {
        '': { ...list, status: 429, work: (answer) => Number(headerValues(answer, 'retry-after')[0]) > 0 },
      },
    };
  },
} satisfies Neighbour;
