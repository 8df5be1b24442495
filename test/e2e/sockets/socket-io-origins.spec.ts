import { describe, expect, it } from '@jest/globals';
import { Cors, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { ADAPTERS, createGateway, gatewayModule } from './gateway-application.js';
import { askWs, type Client, IO_CLIENTS } from './socket-clients.js';

const CLIENTS: readonly [string, keyof typeof ADAPTERS, Client][] = [
  ['socket.io by polling', 'socket.io', IO_CLIENTS.polling],
  ['socket.io by WebSocket', 'socket.io', IO_CLIENTS.websocket],
  ['ws', 'ws', askWs],
];

const spy = new HandlerSpy();
const OWN_HOST = (port: number) => `http://127.0.0.1:${port}`;
const SERVED = { answer: 'pong', ran: ['gateway connected', 'gateway ping'] };
const REFUSED = { answer: expect.not.stringMatching('pong'), ran: [] };

/** An asynchronous answer, which arrives after everything that is ready now. */
const slowly = async (answer: boolean): Promise<boolean> => {
  await new Promise((resolve) => setImmediate(resolve));
  return answer;
};

interface Case {
  readonly cors: CorsModuleOptions;
  readonly decorators?: readonly ClassDecorator[];
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

const POLICIES: Readonly<Record<string, Case>> = {
  'a list': {
    cors: { origin: [APP, 'https://*.example.org'] },
    allowed: [APP, 'https://a.example.org'],
    refused: [EVIL],
  },
  'every origin': { cors: { origin: '*' }, allowed: [APP, EVIL, 'null'], refused: [] },
  'a predicate': { cors: { origin: (origin) => origin === APP }, allowed: [APP], refused: [EVIL] },
  'a slow resolver': { cors: { origin: (origin) => slowly(origin === APP) }, allowed: [APP], refused: [EVIL] },
  'a resolver that fails': { cors: { origin: () => Promise.reject(new Error('down')) }, allowed: [], refused: [APP] },
  'no origin': { cors: {}, allowed: [], refused: [APP, EVIL] },
  '`paths`': {
    cors: { origin: ADMIN, paths: ['/', '/socket.io'].map((path) => ({ path, policy: { origin: APP } })) },
    allowed: [APP],
    refused: [ADMIN],
  },
  '`@Cors()` with options': {
    cors: { origin: ADMIN },
    decorators: [Cors({ origin: APP })],
    allowed: [APP],
    refused: [ADMIN, EVIL],
  },
  '`@Cors()` with a name': {
    cors: { origin: ADMIN, policies: { partners: { origin: PARTNER } } },
    decorators: [Cors('partners')],
    allowed: [PARTNER],
    refused: [ADMIN, EVIL],
  },
  '`@DisableCors()`': { cors: { origin: '*' }, decorators: [DisableCors()], allowed: [], refused: [APP, EVIL] },
};

describePlatforms('a gateway', (platform) => {
  describe.each(CLIENTS)('for a client of %s', (_, adapter, ask) => {
    describe.each(Object.entries(POLICIES))('under %s', (_name, { cors, decorators, allowed, refused }) => {
      const application = gatewayModule(cors, [createGateway(spy, { decorators })]);
      const served = serve(platform, application, spy, { configure: ADAPTERS[adapter]() });
      const attempt = async (origin: string | undefined, headers?: Record<string, string>) => {
        spy.take();
        const answer = await ask(served.running, { origin, headers });
        return { answer, ran: spy.take() };
      };

      it('serves the origins of the policy', async () => {
        for (const origin of allowed) {
          expect(await attempt(origin)).toEqual(SERVED);
        }
      });

      it('refuses other origins', async () => {
        for (const origin of refused) {
          expect(await attempt(origin)).toEqual(REFUSED);
        }
      });

      it('serves pages of the own host, same-origin requests and native clients', async () => {
        expect(await attempt(OWN_HOST(served.running.port))).toEqual(SERVED);
        expect(await attempt('null', { 'Sec-Fetch-Site': 'same-origin' })).toEqual(SERVED);
        expect(await attempt(undefined)).toEqual(SERVED);
      });

      if (cors.origin !== '*') {
        it('refuses `null` and origins that resemble the own host or an allowed one', async () => {
          const { port } = served.running;
          const similar = [
            `http://127.0.0.1:${port + 1}`,
            `https://127.0.0.1:${port}`,
            `http://127.0.0.1:${port}.evil.example`,
            'http://127.0.0.1',
            `${APP}.evil.example`,
            `${APP}:444`,
            APP.replace('https', 'http'),
            APP.toUpperCase(),
            'null',
          ];
          for (const origin of similar) {
            expect([origin, await attempt(origin)]).toEqual([origin, REFUSED]);
          }
        });
      }
    });

    describe('with requireOrigin', () => {
      const application = gatewayModule({ origin: APP }, [createGateway(spy)]);
      const served = serve(platform, application, spy, { configure: ADAPTERS[adapter]({ requireOrigin: true }) });

      it('refuses clients without an Origin', async () => {
        spy.take();
        expect(await ask(served.running)).not.toBe('pong');
        expect(spy.take()).toEqual([]);
        expect(await ask(served.running, { origin: APP })).toBe('pong');
        expect(await ask(served.running, { origin: OWN_HOST(served.running.port) })).toBe('pong');
      });
    });
  });
});
