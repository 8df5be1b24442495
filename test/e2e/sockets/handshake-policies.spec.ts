import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { beforeEach, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { CorsModule, CorsService, type OriginContext, type OriginResolver } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';
import { checkUpgrades, OPEN, REFUSED, shakeHands } from './handshake-server.js';

/** A lookup that answers when the test says so. */
class Lookup {
  started!: Promise<string>;
  answer!: (allowed: boolean) => void;
  #start!: (origin: string) => void;

  constructor() {
    this.reset();
  }

  reset(): void {
    this.started = new Promise((resolve) => {
      this.#start = resolve;
    });
  }

  call(origin: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.answer = resolve;
      this.#start(origin);
    });
  }
}

const lookup = new Lookup();
const contexts: OriginContext[] = [];

@Injectable()
class SlowResolver implements OriginResolver {
  readonly cache = false;
  resolve(origin: string): Promise<boolean> {
    return lookup.call(origin);
  }
}

@Injectable()
class CachedResolver implements OriginResolver {
  static calls = 0;
  resolve(origin: string): boolean {
    CachedResolver.calls++;
    return origin === PARTNER;
  }
}

@Injectable()
class FailingResolver implements OriginResolver {
  async resolve(): Promise<boolean> {
    throw new Error('the database is gone');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: APP,
      policies: { partners: { origin: PARTNER } },
      paths: [
        { path: '/partners', policy: 'partners' },
        { path: '/partners/inner', policy: { origin: EVIL } },
        { path: '/any', policy: { origin: '*' } },
        { path: '/off', policy: false },
        { path: '/untouched', policy: 'untouched' },
        { path: '/slow', policy: { origin: SlowResolver } },
        { path: '/cached', policy: { origin: CachedResolver } },
        { path: '/failing', policy: { origin: FailingResolver } },
        {
          path: '/predicate',
          policy: {
            origin: (origin, context) => {
              contexts.push(context);
              return origin === PARTNER;
            },
          },
        },
        { path: '/throwing', policy: { origin: () => JSON.parse('{') } },
      ],
    }),
  ],
  providers: [SlowResolver, CachedResolver, FailingResolver],
})
class PoliciesModule {}

describePlatforms('the policy of a handshake', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, PoliciesModule, new HandlerSpy(), {
    application: { logger: log },
    configure: (app) => checkUpgrades(app),
  });
  const answer = (path: string, origin?: string) => shakeHands(server.running, { path, origin });

  beforeEach(() => {
    lookup.reset();
    contexts.length = 0;
  });

  it('is that of the longest entry of `paths`, whatever the query', async () => {
    expect(await answer('/partners', PARTNER)).toBe(OPEN);
    expect(await answer('/partners/live?token=/any', PARTNER)).toBe(OPEN);
    expect(await answer('/partners/live', APP)).toBe(REFUSED);
    expect(await answer('/partners/inner/live', EVIL)).toBe(OPEN);
    expect(await answer('/partners/inner/live', PARTNER)).toBe(REFUSED);
    expect(await answer('/partnersinner', PARTNER)).toBe(REFUSED);
  });

  it('is that of the application for every other path', async () => {
    expect(await answer('/other', APP)).toBe(OPEN);
    expect(await answer('/other', PARTNER)).toBe(REFUSED);
  });

  it('refuses every origin on a path with two possible meanings', async () => {
    for (const path of ['/partners/../other', '/partners/%2e%2e/other', '/x/../partners', '/partners%2Finner']) {
      expect([path, await answer(path, APP), await answer(path, PARTNER)]).toEqual([path, REFUSED, REFUSED]);
    }
    expect(await answer('/partners/../other')).toBe(OPEN);
  });

  it('allows every origin with `*`, `null` and malformed ones included', async () => {
    for (const origin of [EVIL, 'null', 'not an origin', 'https://evil.example/']) {
      expect([origin, await answer('/any', origin)]).toEqual([origin, OPEN]);
    }
  });

  it('refuses other origins where it is disabled or untouched, and no others', async () => {
    for (const path of ['/off', '/untouched']) {
      expect(await answer(path, APP)).toBe(REFUSED);
      expect(await answer(path, 'http://api.example.com')).toBe(OPEN);
      expect(await answer(path)).toBe(OPEN);
    }
  });

  it('calls a predicate with the context of the request', async () => {
    expect(await answer('/predicate/room?id=7', PARTNER)).toBe(OPEN);
    expect(await answer('/predicate', EVIL)).toBe(REFUSED);
    const [{ request, ...context }] = contexts as [OriginContext];
    expect(context).toEqual({
      method: 'GET',
      path: '/predicate/room?id=7',
      policy: 'paths "/predicate"',
      preflight: false,
    });
    expect((request as IncomingMessage).headers.origin).toBe(PARTNER);
    expect((request as { readonly host?: string }).host).toBe('api.example.com'); // Express and Fastify have it, Node has not
  });

  it('calls no predicate for an origin that browsers do not send, or for its own host', async () => {
    expect(await answer('/predicate', 'null')).toBe(REFUSED);
    expect(await answer('/predicate', `${PARTNER}/`)).toBe(REFUSED);
    expect(await answer('/predicate', 'http://api.example.com')).toBe(OPEN);
    expect(await answer('/predicate')).toBe(OPEN);
    expect(contexts).toEqual([]);
  });

  it.each([
    [true, OPEN],
    [false, REFUSED],
  ])('waits for a resolver that answers %s late', async (allowed, expected) => {
    const opened = answer('/slow', PARTNER);
    let isAnswered = false;
    void opened.then(() => {
      isAnswered = true;
    });
    expect(await lookup.started).toBe(PARTNER);
    expect(await answer('/other', APP)).toBe(OPEN); // a whole handshake later
    expect(isAnswered).toBe(false);
    lookup.answer(allowed);
    expect(await opened).toBe(expected);
  });

  it('survives a client that resets the connection while a resolver is called', async () => {
    const sockets: Duplex[] = [];
    server.running.app.getHttpServer().once('upgrade', (_request: unknown, socket: Duplex) => sockets.push(socket));
    const opened = answer('/slow', PARTNER).catch((error: Error) => error.message);
    await lookup.started;
    const [socket] = sockets as [Duplex];
    expect(() => socket.emit('error', new Error('read ECONNRESET'))).not.toThrow();
    socket.destroy();
    lookup.answer(true);
    expect(await opened).toBe('socket hang up');
  });

  it('shares the cached answers of a resolver with requests', async () => {
    CachedResolver.calls = 0;
    expect(await answer('/cached', PARTNER)).toBe(OPEN);
    expect(await answer('/cached', PARTNER)).toBe(OPEN);
    await server.running.request({ path: '/cached', headers: { Origin: PARTNER } });
    expect(CachedResolver.calls).toBe(1);
  });

  it('refuses, and logs the error, where a resolver or predicate fails', async () => {
    expect(await answer('/failing', PARTNER)).toBe(REFUSED);
    expect(await answer('/throwing', PARTNER)).toBe(REFUSED);
    expect(log.errors.filter((line) => line.includes('the database is gone'))).toHaveLength(1);
  });

  it('can be named', async () => {
    const cors = server.running.app.get(CorsService);
    const from = (origin: string, url = '/') => ({ headers: { origin }, url });
    expect(await cors.isHandshakeAllowed(from(PARTNER), { policy: 'partners' })).toBe(true);
    expect(await cors.isHandshakeAllowed(from(APP), { policy: 'partners' })).toBe(false);
    expect(await cors.isHandshakeAllowed(from(EVIL, '/any'), { policy: 'partners' })).toBe(false);
    await expect(cors.isHandshakeAllowed(from(APP), { policy: 'partner' })).rejects.toThrow(
      "There is no CORS policy named 'partner'. The named policies are 'partners'.",
    );
  });
});
