import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { CorsIoAdapter } from 'nestjs-cors/websockets';
import { type CorsHeaders, corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, type ServedApp, serve } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import { RecordedLog } from '../../unit/boot/boot.js';
import { ADAPTERS, createGateway, gatewayModule } from './gateway-application.js';

const spy = new HandlerSpy();
const CREDENTIALS = { 'access-control-allow-credentials': 'true' };
const SHARED: CorsHeaders = { 'access-control-allow-origin': APP, vary: 'Origin' };
const BARE: CorsHeaders = { vary: 'Origin' };

const ENGINE = '/socket.io/?EIO=4&transport=polling';

/** Sends requests of Engine.IO as a page of this origin. A session that a request starts is closed again. */
function engineRequest(served: ServedApp, origin: string | undefined) {
  return async (method: string, query: string, more: Partial<RawRequest> = {}): Promise<Outcome> => {
    const headers = { Origin: origin, 'Content-Type': 'text/plain;charset=UTF-8', ...more.headers };
    spy.take();
    const response = await served.request({ method, path: `${ENGINE}${query}`, ...more, headers });
    const outcome = { status: response.status, headers: corsHeaders(response), ran: spy.take() };
    const sid = /"sid":"([^"]+)"/.exec(response.body.toString())?.[1];
    if (sid !== undefined) {
      await endSession(served, sid);
    }
    return outcome;
  };
}

/** Starts a session as a native client. */
async function startSession(served: ServedApp): Promise<string> {
  const { body } = await served.request({ path: ENGINE });
  return (JSON.parse(body.toString().slice(1)) as { sid: string }).sid;
}

/** Otherwise the server waits for the client, and the process does not end. */
async function endSession(served: ServedApp, sid: string): Promise<void> {
  await served.request({ method: 'POST', path: `${ENGINE}&sid=${sid}`, body: '1' });
}

@Controller('notes')
class NotesController {
  @Get() list() {
    return spy.ran('list');
  }
}

describePlatforms('the responses of Engine.IO to a page that polls', (platform) => {
  const withRoutes = (gateway: Type) => {
    class PollingModule {}
    const imports = [CorsModule.forRoot({ origin: APP, maxAge: 600, allowedHeaders: ['x-token'] })];
    Module({ imports, controllers: [NotesController], providers: [gateway] })(PollingModule);
    return PollingModule;
  };

  describe.each<[string, Record<string, unknown>]>([
    ['without a `cors` option', {}],
    ['with `cors: true` on the gateway', { cors: true }],
    ['with another origin on the gateway', { cors: { origin: EVIL, credentials: true, methods: ['PUT'] } }],
  ])('%s', (_, options) => {
    const gateway = createGateway(spy, { options });
    const log = new RecordedLog();
    const served = serve(platform, withRoutes(gateway), spy, {
      application: { logger: log },
      configure: ADAPTERS['socket.io'](),
    });

    it('carry the headers of the policy for an allowed origin, in every request of a session', async () => {
      const sid = await startSession(served);
      const send = engineRequest(served, APP);
      expect(await send('GET', '')).toEqual({ status: 200, headers: SHARED, ran: [] });
      expect(await send('POST', `&sid=${sid}`, { body: '40' })).toMatchObject({ status: 200, headers: SHARED });
      expect(await send('GET', `&sid=${sid}`)).toMatchObject({ status: 200, headers: SHARED });
      await endSession(served, sid);
    });

    it('carry nothing but Vary for another origin', async () => {
      const response = await served.request({
        path: ENGINE,
        headers: { Origin: EVIL },
      });
      expect([response.status, response.body.toString()]).toEqual([403, '{"code":4,"message":"Origin not allowed"}']);
      for (const origin of [EVIL, 'null', `${APP}:444`]) {
        expect(await engineRequest(served, origin)('GET', '')).toEqual({ status: 403, headers: BARE, ran: [] });
      }
    });

    it('refuse another origin that knows the session', async () => {
      const sid = await startSession(served);
      const send = engineRequest(served, EVIL);
      expect(await send('POST', `&sid=${sid}`, { body: '40' })).toEqual({ status: 400, headers: BARE, ran: [] });
      expect(await send('GET', `&sid=${sid}`)).toEqual({ status: 400, headers: BARE, ran: [] });
      await endSession(served, sid);
    });

    it('carry the same headers on errors', async () => {
      for (const [origin, headers] of [
        [APP, SHARED],
        [EVIL, BARE],
      ] as const) {
        const send = engineRequest(served, origin);
        expect(await send('GET', '&sid=unknown')).toEqual({ status: 400, headers, ran: [] });
        expect(await send('GET', '&transport=carrier-pigeon')).toEqual({ status: 400, headers, ran: [] });
        expect(await send('DELETE', '')).toEqual({ status: 400, headers, ran: [] });
        expect(await send('OPTIONS', '')).toEqual({ status: 400, headers, ran: [] });
      }
      // The second poll is an error of the transport.
      const poll = `&sid=${await startSession(served)}`;
      const send = engineRequest(served, APP);
      const polls = await Promise.all([send('GET', poll), send('GET', poll)]);
      expect(polls.map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(polls.map(({ headers }) => headers)).toEqual([SHARED, SHARED]);
    });

    it('carry nothing but Vary for the own host and for native clients', async () => {
      const own = `http://127.0.0.1:${served.running.port}`;
      for (const origin of [own, undefined]) {
        expect(await engineRequest(served, origin)('GET', '')).toEqual({ status: 200, headers: BARE, ran: [] });
      }
    });

    it('answer preflights by the policy', async () => {
      const announce = (origin: string, method: string, names?: string) =>
        engineRequest(served, origin)('OPTIONS', '', {
          headers: { 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': names },
        });
      const refused = { status: 403, headers: { vary: PREFLIGHT_VARY }, ran: [] };
      expect(await announce(APP, 'POST', 'x-token')).toEqual({
        status: 204,
        headers: {
          'access-control-allow-origin': APP,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'x-token',
          'access-control-max-age': '600',
          vary: PREFLIGHT_VARY,
        },
        ran: [],
      });
      expect(await announce(APP, 'POST', 'x-other')).toEqual(refused);
      expect(await announce(EVIL, 'POST', 'x-token')).toEqual(refused);
      expect(await announce('null', 'POST')).toEqual(refused);
    });

    it('log a refused preflight with the method and the header that it announces', async () => {
      log.warnings.length = 0;
      await engineRequest(served, APP)('OPTIONS', '', {
        headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-third' },
      });
      expect(log.warnings).toEqual([
        'header-not-allowed: preflight for "POST" "/socket.io/" from origin "https://app.example.com" with headers "x-third" (CorsModule): `allowedHeaders` does not allow x-third. If pages should send it, write `allowedHeaders: [\'x-token\', \'x-third\']` in CorsModule.',
      ]);
    });

    it('leave the routes of the application to their own policies', async () => {
      const request = (origin: string) => served.outcome({ path: '/notes', headers: { Origin: origin } });
      expect(await request(APP)).toEqual({ status: 200, headers: SHARED, ran: ['list'] });
      expect(await request(EVIL)).toEqual({ status: 200, headers: BARE, ran: ['list'] });
    });
  });

  describe('under a policy with credentials, exposed headers and a status for preflights', () => {
    const cors = { origin: APP, credentials: true, exposedHeaders: ['x-server'], optionsSuccessStatus: 200 } as const;
    const served = serve(platform, gatewayModule(cors, [createGateway(spy)]), spy, {
      configure: ADAPTERS['socket.io'](),
    });

    it('carry them', async () => {
      expect(await engineRequest(served, APP)('GET', '')).toEqual({
        status: 200,
        headers: { ...SHARED, ...CREDENTIALS, 'access-control-expose-headers': 'x-server' },
        ran: [],
      });
      expect(await engineRequest(served, EVIL)('GET', '')).toEqual({ status: 403, headers: BARE, ran: [] });
      const headers = { 'Access-Control-Request-Method': 'POST' };
      expect(await engineRequest(served, APP)('OPTIONS', '', { headers })).toMatchObject({ status: 200 });
      expect(await engineRequest(served, EVIL)('OPTIONS', '', { headers })).toMatchObject({ status: 403 });
    });
  });

  describe('by JSONP, in a `<script>` without an Origin', () => {
    const gateway = createGateway(spy, { options: { allowEIO3: true } });
    const served = serve(platform, gatewayModule({ origin: APP }, [gateway]), spy, {
      configure: ADAPTERS['socket.io'](),
    });
    const poll = (protocol: number, headers: RawRequest['headers'], sid = '') =>
      served.outcome({ path: `/socket.io/?EIO=${protocol}&transport=polling&j=0${sid}`, headers });

    it('are refused, except for pages of the own host', async () => {
      const sid = `&sid=${await startSession(served)}`;
      for (const headers of [{}, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: EVIL }]) {
        for (const protocol of [3, 4]) {
          expect(await poll(protocol, headers)).toEqual({ status: 403, headers: BARE, ran: [] });
          expect(await poll(protocol, headers, sid)).toEqual({ status: 400, headers: BARE, ran: [] });
        }
      }
      await endSession(served, sid.slice(5));
      expect(await poll(3, { 'Sec-Fetch-Site': 'same-origin' })).toMatchObject({ status: 200 });
    });
  });

  describe('under a policy for every origin', () => {
    const served = serve(platform, gatewayModule({ origin: '*' }, [createGateway(spy)]), spy, {
      configure: ADAPTERS['socket.io'](),
    });

    it('carry a star', async () => {
      const headers = { 'access-control-allow-origin': '*' };
      expect(await engineRequest(served, EVIL)('GET', '')).toEqual({ status: 200, headers, ran: [] });
    });
  });

  describe('to which other code adds headers', () => {
    const served = serve(platform, gatewayModule({ origin: APP }, [createGateway(spy)]), spy, {
      configure: (app) => {
        class Chatty extends CorsIoAdapter {
          override createIOServer(...values: Parameters<CorsIoAdapter['createIOServer']>) {
            const server = super.createIOServer(...values);
            server.engine.use(
              (_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
                response.setHeader('Access-Control-Allow-Origin', '*');
                response.setHeader('Vary', 'Accept');
                next();
              },
            );
            server.engine.on('headers', (headers: Record<string, string>) => {
              headers['access-control-allow-origin'] = 'https://other.example';
              headers['Access-Control-Allow-Credentials'] = 'true';
            });
            return server;
          }
        }
        app.useWebSocketAdapter(new Chatty(app));
      },
    });

    it('carry only those of the policy', async () => {
      const vary = 'Accept, Origin';
      expect(await engineRequest(served, APP)('GET', '')).toMatchObject({ status: 200, headers: { ...SHARED, vary } });
      expect(await engineRequest(served, EVIL)('GET', '')).toMatchObject({ status: 403, headers: { vary } });
      expect((await engineRequest(served, EVIL)('GET', '')).headers).toEqual({ vary });
    });
  });
});
