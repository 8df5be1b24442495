import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Header,
  type MessageEvent,
  type NestInterceptor,
  Param,
  Res,
  Sse,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { concat, finalize, interval, map, Observable, of, throwError } from 'rxjs';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();
const asAdmin = { allows: ADMIN, refuses: APP };
const TWO: Observable<MessageEvent> = of({ data: { n: 1 } }, { data: 'two', id: '2', type: 'named', retry: 9 });
const TWO_SENT = '\nid: 1\ndata: {"n":1}\n\nevent: named\nid: 2\nretry: 9\ndata: two\n\n';

interface PlatformResponse {
  header(name: string, value: string): PlatformResponse;
  status(code: number): PlatformResponse;
}

const labelling: NestInterceptor = {
  intercept: (context: ExecutionContext, next: CallHandler) => {
    context.switchToHttp().getResponse<PlatformResponse>().header('X-Interceptor', 'set').status(202);
    return next.handle();
  },
};

/** Resolves when a client has left an endless stream. */
let left: () => void = () => undefined;

const parts: Parts = (cors) => {
  @cors({ origin: [ADMIN] })
  @Controller('events')
  class EventsController {
    @Sse() two() {
      spy.ran('two');
      return TWO;
    }
    @Header('X-Decorator', 'set') @Sse('header') header() {
      spy.ran('header');
      return TWO;
    }
    @UseInterceptors(labelling) @Sse('interceptor') interceptor() {
      spy.ran('interceptor');
      return TWO;
    }
    @Sse('later') async later(@Res({ passthrough: true }) response: PlatformResponse) {
      await Promise.resolve();
      spy.ran('later');
      response.header('X-Handler', 'set');
      return TWO;
    }
    @Sse('of/:name') named(@Param('name') name: string) {
      spy.ran(name);
      return TWO;
    }
    @Sse('failing') failing() {
      spy.ran('failing');
      return concat(
        TWO,
        throwError(() => new Error('no more')),
      );
    }
    @Sse('empty') empty() {
      spy.ran('empty');
      return throwError(() => new Error('none'));
    }
    @Sse('throwing') throwing(): Observable<MessageEvent> {
      spy.ran('throwing');
      throw new Error('none');
    }
    @UseGuards({ canActivate: () => false }) @Sse('guarded') guarded() {
      spy.ran('not reached');
      return TWO;
    }
    @Sse('endless') endless() {
      spy.ran('endless');
      return interval(1).pipe(
        map((data) => ({ data })),
        finalize(() => left()),
      );
    }
  }
  return { controllers: [EventsController] };
};

describePlatforms('an event stream', (platform) => {
  const twins = serveTwins(platform, parts, spy);
  const type = { 'content-type': 'text/event-stream' };

  it('is sent as it is', async () => {
    await twins.expectSame(
      { path: '/events' },
      { ...asAdmin, status: 200, ran: ['two'], headers: type, body: TWO_SENT },
    );
    await twins.expectSame({ path: '/events/of/ann' }, { ...asAdmin, status: 200, ran: ['ann'], body: TWO_SENT });
  });

  it('keeps the headers and the status that code sets before its first event', async () => {
    const header = { ...type, 'x-decorator': 'set' };
    await twins.expectSame({ path: '/events/header' }, { ...asAdmin, status: 200, ran: ['header'], headers: header });
    const interceptor = { ...type, 'x-interceptor': 'set' };
    await twins.expectSame(
      { path: '/events/interceptor' },
      { ...asAdmin, status: 202, ran: ['interceptor'], headers: interceptor },
    );
    const later = { ...type, 'x-handler': 'set' };
    await twins.expectSame({ path: '/events/later' }, { ...asAdmin, status: 200, ran: ['later'], headers: later });
  });

  it('sends an error after its first event as an event', async () => {
    const expected = { ...asAdmin, status: 200, ran: ['failing'], headers: type };
    await twins.expectSame({ path: '/events/failing' }, { ...expected, body: /event: error/ });
  });

  it('that does not begin is answered with an error that the page can read', async () => {
    await twins.expectSame({ path: '/events/empty' }, { ...asAdmin, status: 500, ran: ['empty'] });
    await twins.expectSame({ path: '/events/throwing' }, { ...asAdmin, status: 500, ran: ['throwing'] });
    await twins.expectSame({ path: '/events/guarded' }, { ...asAdmin, status: 403, ran: [] });
  });

  it('ends when the client leaves', async () => {
    const ended = new Promise<void>((resolve) => {
      left = resolve;
    });
    const { port } = twins.served.running;
    const request = get({ port, path: '/events/endless', headers: { Origin: ADMIN } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'data');
    request.destroy();
    await ended;
    expect([response.statusCode, response.headers['access-control-allow-origin'], spy.take()]).toEqual([
      200,
      ADMIN,
      ['endless'],
    ]);
  });
});
