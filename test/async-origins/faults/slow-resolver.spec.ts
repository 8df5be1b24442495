import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Injectable, Module, Post, Version, VersioningType } from '@nestjs/common';
import { Cors, CorsModule, OriginResolverService } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, serve } from '../../support/platforms.js';
import { APP, PREFLIGHT_VARY, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { RawConnection, type RawRequest } from '../../support/requests/raw-request.js';
import { stopTime } from '../support/fake-time.js';
import { HeldCalls } from '../support/held-calls.js';
import { ServerSockets } from '../support/server-sockets.js';

const spy = new HandlerSpy();
const heldCalls = new HeldCalls();
const SLOW = 'https://slow.example';
const QUICK = 'https://quick.example';

@Injectable()
class SlowOrigins {
  resolve(origin: string): boolean | Promise<boolean> {
    return origin === QUICK ? true : heldCalls.call(origin);
  }
}

@Cors({ origin: SlowOrigins })
@Controller('slow')
class SlowController {
  @Get() list() {
    return spy.ran('slow');
  }
  @Cors({ enforce: 'all' }) @Post() @HttpCode(200) create() {
    return spy.ran('create');
  }
}

@Controller('other')
class OtherController {
  @Get() list() {
    return spy.ran('other');
  }
  @Cors({ origin: async (origin) => origin === QUICK }) @Get('asynchronous') asynchronous() {
    return spy.ran('asynchronous');
  }
}

@Controller('versions')
class VersionsController {
  @Cors({ origin: SlowOrigins }) @Version('1') @Get() first() {
    return spy.ran('first');
  }
  @Cors({ origin: [APP] }) @Version('2') @Get() second() {
    return spy.ran('second');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP] })],
  controllers: [SlowController, OtherController, VersionsController],
  providers: [SlowOrigins],
})
class ApplicationModule {}

const allowed = (origin: string, handler: string): Outcome => ({
  status: 200,
  headers: { 'access-control-allow-origin': origin, vary: 'Origin' },
  ran: [handler],
});

describePlatforms('a slow resolver', (platform) => {
  const server = serve(platform, ApplicationModule, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
  });
  const time = stopTime();
  let sockets: ServerSockets;
  beforeAll(() => {
    sockets = new ServerSockets(server.running.app.getHttpServer());
  });
  beforeEach(async () => {
    heldCalls.restart();
    await server.running.app.get(OriginResolverService).forgetAll();
    await sockets.until(({ open }) => open === 0);
    spy.take();
  });

  const slow = (request: RawRequest = {}): RawRequest => ({
    path: '/slow',
    ...request,
    headers: { Origin: SLOW, ...request.headers },
  });

  describe('does not delay', () => {
    const OTHERS: readonly [string, RawRequest, Outcome][] = [
      ['a request without Origin', { path: '/slow' }, { status: 200, headers: { vary: 'Origin' }, ran: ['slow'] }],
      [
        'Origin: null',
        slow({ headers: { Origin: 'null' } }),
        { status: 200, headers: { vary: 'Origin' }, ran: ['slow'] },
      ],
      [
        'a same-origin request',
        slow({ headers: { 'Sec-Fetch-Site': 'same-origin' } }),
        { status: 200, headers: { vary: 'Origin' }, ran: ['slow'] },
      ],
      ['another origin of the same policy', slow({ headers: { Origin: QUICK } }), allowed(QUICK, 'slow')],
      ['another policy', { path: '/other', headers: { Origin: APP } }, allowed(APP, 'other')],
      [
        'the same origin and another policy',
        slow({ path: '/other' }),
        { status: 200, headers: { vary: 'Origin' }, ran: ['other'] },
      ],
      [
        'the same origin and another asynchronous policy',
        slow({ path: '/other/asynchronous' }),
        { status: 200, headers: { vary: 'Origin' }, ran: ['asynchronous'] },
      ],
      ['a path without a handler', slow({ path: '/none' }), { status: 404, headers: { vary: 'Origin' }, ran: [] }],
      ['a preflight of another policy', preflight(SLOW, 'GET', '/other'), REFUSED_PREFLIGHT],
      [
        'a version of another policy',
        { path: '/versions', headers: { Origin: APP, 'X-Version': '2' } },
        allowed(APP, 'second'),
      ],
      [
        'an OPTIONS without Origin',
        { method: 'OPTIONS', path: '/none' },
        { status: 404, headers: { vary: 'Origin' }, ran: [] },
      ],
    ];

    it.each(OTHERS)('%s', async (_, request, outcome) => {
      const waiting = await RawConnection.open(server.running);
      waiting.send(slow());
      waiting.send(preflight(SLOW, 'GET', '/slow'));
      await heldCalls.untilCalled(1);
      await sockets.until(({ requests }) => requests >= 2);
      expect(await server.outcome(request)).toEqual(outcome);
      heldCalls.answer(true);
      expect((await waiting.receive()).status).toBe(200);
      expect((await waiting.receive()).status).toBe(204);
      waiting.close();
    });
  });

  it('times out after 2 s, which refuses a preflight and serves a request without CORS headers', async () => {
    const responses = [server.request(preflight(SLOW, 'GET', '/slow')), server.request(slow())];
    const before = sockets.requests;
    await sockets.until(({ requests }) => requests === before + 2);
    await time.advance(1_999);
    expect([spy.take(), time.timers]).toEqual([[], 1]);
    await time.advance(1);
    const [refused, bare] = await Promise.all(responses);
    expect([refused?.status, refused && corsHeaders(refused)]).toEqual([403, { vary: PREFLIGHT_VARY }]);
    expect([bare?.status, bare && corsHeaders(bare)]).toEqual([200, { vary: 'Origin' }]);
    expect([spy.take(), time.timers]).toEqual([['slow'], 0]);
  });

  it('times out, which keeps the handler from running if the policy enforces', async () => {
    const response = server.request(slow({ method: 'POST' }));
    await heldCalls.untilCalled(1);
    await time.advance(2_000);
    const { status, headerLines } = await response;
    expect([status, corsHeaders({ headerLines }), spy.take()]).toEqual([403, { vary: 'Origin' }, []]);
  });

  describe('while a hundred clients disconnect', () => {
    it.each([
      ['before its answer', true],
      ['before its timeout', undefined],
    ])('%s runs no handler, leaks nothing and is cached', async (_, answer) => {
      const before = sockets.requests;
      const connections = await Promise.all(Array.from({ length: 100 }, () => RawConnection.open(server.running)));
      for (const [index, connection] of connections.entries()) {
        connection.send(index % 2 === 0 ? slow() : preflight(SLOW, 'GET', '/slow'));
      }
      await sockets.until(({ requests }) => requests === before + 100);
      for (const connection of connections) {
        connection.close();
      }
      await sockets.until(({ open }) => open === 0);
      if (answer !== undefined) {
        heldCalls.answer(answer);
      }
      await time.advance(2_000);
      expect([spy.take(), time.timers, heldCalls.origins]).toEqual([[], 0, [SLOW]]);
      const response = server.outcome(slow());
      if (answer === undefined) {
        await heldCalls.untilCalled(2);
        heldCalls.answer(true);
      }
      expect(await response).toEqual(allowed(SLOW, 'slow'));
    });
  });

  it('does not keep the application from closing after its clients disconnect', async () => {
    const connection = await RawConnection.open(server.running);
    connection.send(slow());
    await heldCalls.untilCalled(1);
    connection.close();
    await sockets.until(({ open }) => open === 0);
    expect(time.timers).toBe(1);
    // The application closes after this test while the call is pending.
  });
});
