import assert from 'node:assert/strict';
import { Controller, Get, Module, NotFoundException } from '@nestjs/common';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { spans } from './opentelemetry.preload.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traced = { asks: 'traceparent', headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` } };

export default {
  name: 'OpenTelemetry',
  packages: ['@opentelemetry/instrumentation-http', '@opentelemetry/instrumentation-nestjs-core'],
  todo: { text: 'allow the headers of traces', heading: 'Traces that start in the page' },
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
      @Get('missing') missing() {
        throw new NotFoundException(spy.ran('missing'));
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, allowedHeaders: ['traceparent'] })],
      controllers: [ItemsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    let ofRequest: ReadableSpan[] = [];
    const isServer = ({ kind }: ReadableSpan) => kind === SpanKind.SERVER;
    const hasSpan = (name: string, code = SpanStatusCode.UNSET) =>
      ofRequest.some((span) => span.name === name && span.status.code === code && span.spanContext().traceId === TRACE);
    return {
      send: async (asked) => {
        const answer = await request(asked);
        ofRequest = (await spans.until(isServer)).filter(({ name }) => name !== 'Create Nest App');
        // The server has a span for a preflight too. The application has none.
        if (asked.method === 'OPTIONS') {
          assert.deepEqual(
            ofRequest.map(({ name }) => name),
            ['OPTIONS'],
          );
        }
        return answer;
      },
      close,
      questions: {
        '': {
          ...traced,
          path: '/items',
          ran: ['list'],
          work: () => hasSpan('list') && hasSpan('ItemsController.list'),
        },
      },
      errors: {
        '': {
          ...traced,
          path: '/items/missing',
          status: 404,
          ran: ['missing'],
          work: () => hasSpan('missing', SpanStatusCode.ERROR),
        },
      },
    };
  },
} satisfies Neighbour;
