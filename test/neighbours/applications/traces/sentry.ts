import assert from 'node:assert/strict';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Event } from '@sentry/nestjs';
import { SentryGlobalFilter, SentryModule } from '@sentry/nestjs/setup';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { errors, transactions } from './sentry.preload.js';

const isOperation =
  (operation: string) =>
  ({ contexts }: Event) =>
    contexts?.trace?.op === operation;

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traced = {
  asks: 'baggage,sentry-trace',
  headers: { 'sentry-trace': `${TRACE}-b7ad6b7169203331-1`, baggage: `sentry-trace_id=${TRACE}` },
};

export default {
  name: 'Sentry',
  packages: ['@sentry/nestjs'],
  todo: { text: 'allow the headers of traces', heading: 'Traces that start in the page' },
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
      @Get('broken') broken() {
        throw new Error(spy.ran('broken'));
      }
    }

    @Module({
      imports: [
        SentryModule.forRoot(),
        CorsModule.forRoot({ origin: PAGE, allowedHeaders: ['baggage', 'sentry-trace'] }),
      ],
      controllers: [ItemsController],
      providers: [{ provide: APP_FILTER, useClass: SentryGlobalFilter }],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    let transaction: Event | undefined;
    let error: Event | undefined;
    const isTransaction = (name: string) =>
      transaction?.transaction === name && transaction.contexts?.trace?.trace_id === TRACE;
    return {
      send: async (asked) => {
        const answer = await request(asked);
        if (asked.method !== 'OPTIONS') {
          const sent = await transactions.until(isOperation('http.server'));
          // Its hook on Fastify starts a transaction for some preflights.
          const hasPreflight = sent.some(({ request }) => request?.method === 'OPTIONS');
          assert(platform.name === 'fastify' || !hasPreflight);
          transaction = sent.at(-1);
        }
        error = answer.status === 500 ? (await errors.until(() => true)).at(-1) : undefined;
        return answer;
      },
      close,
      questions: {
        '': {
          ...traced,
          path: '/items',
          ran: ['list'],
          work: () => isTransaction('GET /items'),
        },
      },
      errors: {
        '': {
          ...traced,
          path: '/items/broken',
          status: 500,
          ran: ['broken'],
          work: () => isTransaction('GET /items/broken') && error?.exception?.values?.[0]?.value === 'broken',
        },
      },
    };
  },
} satisfies Neighbour;
