import { Controller, type MessageEvent, Module, Sse } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { concat, from, type Observable, of, throwError } from 'rxjs';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { type Answer, PAGE } from '../../question.js';

const isStream = (answer: Answer) => headerValues(answer, 'content-type')[0] === 'text/event-stream';

export default {
  name: 'server-sent events',
  packages: [],
  async start(platform, spy) {
    @Controller('events')
    class EventsController {
      @Sse() events() {
        spy.ran('events');
        return from([{ data: 'one' }, { data: 'two' }]);
      }
      @Sse('interrupted') interrupted() {
        spy.ran('interrupted');
        return concat(of({ data: 'one' }), this.broken());
      }
      @Sse('broken') broken(): Observable<MessageEvent> {
        spy.ran('broken');
        return throwError(() => new Error('out of order'));
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, credentials: true, allowedHeaders: ['Last-Event-ID'] })],
      controllers: [EventsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const stream = { credentials: true, asks: 'last-event-id', headers: { 'Last-Event-ID': '1' } };
    return {
      send: request,
      close,
      questions: {
        '': {
          ...stream,
          path: '/events',
          ran: ['events'],
          work: (answer) => isStream(answer) && /data: one\n\n.*data: two\n\n/s.test(answer.text),
        },
        interrupted: {
          ...stream,
          path: '/events/interrupted',
          ran: ['interrupted', 'broken'],
          work: (answer) => isStream(answer) && /data: one\n\n.*event: error\n/s.test(answer.text),
        },
      },
      errors: {
        '': { ...stream, path: '/events/broken', status: 500, ran: ['broken'], work: ({ text }) => text !== '' },
      },
    };
  },
} satisfies Neighbour;
