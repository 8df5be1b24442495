import { describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Inject, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorsModule, CorsService } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Platform, type StartOptions, serve } from '../../support/platforms.js';
import { APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { selfSignedCertificate } from '../../support/self-signed.js';
import { checkUpgrades, OPEN, REFUSED, shakeHands } from './handshake-server.js';

type Request = Parameters<CorsService['isHandshakeAllowed']>[0];

@Controller('handshake')
class HandshakeController {
  readonly #cors: CorsService;
  constructor(@Inject(CorsService) cors: CorsService) {
    this.#cors = cors;
  }

  /** The decision about the request of the platform. */
  @Get() async decide(@Req() request: Request): Promise<string> {
    return String(await this.#cors.isHandshakeAllowed(request));
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP, 'https://*.example.org'],
      paths: [{ path: '/handshake', policy: { origin: PARTNER } }],
    }),
  ],
  controllers: [HandshakeController],
})
class ListModule {}

function serveChecked(platform: Platform, options?: Parameters<typeof checkUpgrades>[1], start: StartOptions = {}) {
  return serve(platform, ListModule, new HandlerSpy(), {
    ...start,
    configure: (app) => {
      start.configure?.(app);
      checkUpgrades(app, options);
    },
  });
}

describePlatforms('isHandshakeAllowed in an upgrade listener', (platform) => {
  const server = serveChecked(platform);

  it('allows the origins of the policy, exactly', async () => {
    const refused = [
      EVIL,
      'null',
      '',
      `${APP}/`,
      'https://App.example.com',
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com:443',
      'https://app.example.com.evil.example',
      'https://example.org',
      `${APP}, ${EVIL}`,
      'https://127.0.0.1',
    ];
    const answers: [string, unknown][] = [];
    for (const origin of [APP, 'https://a.example.org', ...refused]) {
      answers.push([origin, await shakeHands(server.running, { origin })]);
    }
    expect(answers).toEqual([
      [APP, OPEN],
      ['https://a.example.org', OPEN],
      ...refused.map((origin) => [origin, REFUSED]),
    ]);
  });

  it('allows a client that sends no Origin', async () => {
    expect(await shakeHands(server.running)).toBe(OPEN);
  });

  it('allows a page of its own host, and of no other port, scheme or name', async () => {
    const own = (origin: string, host?: string) => shakeHands(server.running, { origin, host });
    expect(await own('http://api.example.com', 'api.example.com')).toBe(OPEN);
    expect(await own('http://api.example.com', 'API.Example.com:80')).toBe(OPEN);
    expect(await own('http://api.example.com:8080', 'api.example.com:8080')).toBe(OPEN);
    expect(await own('http://[::1]:8080', '[::1]:8080')).toBe(OPEN);
    expect(await own('http://api.example.com:8080', 'api.example.com')).toBe(REFUSED);
    expect(await own('http://api.example.com', 'api.example.com:8080')).toBe(REFUSED);
    expect(await own('http://api.example.com', 'api.example.com:443')).toBe(REFUSED);
    expect(await own('https://api.example.com', 'api.example.com')).toBe(REFUSED);
    expect(await own('http://www.api.example.com', 'api.example.com')).toBe(REFUSED);
    expect(await own('null', 'null')).toBe(REFUSED);
  });

  it('ignores X-Forwarded-Host and X-Forwarded-Proto from clients that are no trusted proxy', async () => {
    const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' };
    expect(await shakeHands(server.running, { origin: EVIL, headers })).toBe(REFUSED);
    expect(await shakeHands(server.running, { origin: 'https://api.example.com', headers })).toBe(REFUSED);
  });

  it('allows every page that the browser calls same-origin, and no same-site one', async () => {
    const from = (site: string, origin = EVIL) =>
      shakeHands(server.running, { origin, headers: { 'Sec-Fetch-Site': site } });
    expect(await from('same-origin')).toBe(OPEN);
    expect(await from('same-origin', 'null')).toBe(OPEN);
    expect(await from('same-site')).toBe(REFUSED);
    expect(await from('none')).toBe(REFUSED);
    expect(await from('cross-site', APP)).toBe(OPEN);
  });

  it('decides about the request object of the platform as about the one of Node', async () => {
    const decide = async (headers: Record<string, string>) => {
      const response = await server.running.request({ path: '/handshake', headers });
      return response.body.toString();
    };
    expect(await decide({ Origin: PARTNER })).toBe('true');
    expect(await decide({ Origin: APP })).toBe('false');
    expect(await decide({ Host: 'api.example.com', Origin: 'http://api.example.com' })).toBe('true');
    expect(await decide({})).toBe('true');
  });

  it('reads the pseudo headers of HTTP/2', async () => {
    const cors = server.running.app.get(CorsService);
    const headers = (origin: string) => ({ ':authority': 'api.example.com', ':path': '/handshake?a', origin });
    const socket = { encrypted: true, remoteAddress: '127.0.0.1' };
    const decide = (origin: string) => cors.isHandshakeAllowed({ headers: headers(origin), socket } as Request);
    expect(await decide('https://api.example.com')).toBe(true);
    expect(await decide('http://api.example.com')).toBe(false);
    expect(await decide(PARTNER)).toBe(true);
    expect(await decide(APP)).toBe(false);
  });

  it('refuses, and does not reject, where a request lacks what a decision needs', async () => {
    const cors = server.running.app.get(CorsService);
    const headers = { origin: 'https://api.example.com', host: 'api.example.com' };
    expect(await cors.isHandshakeAllowed({ headers })).toBe(false); // there is no socket
    expect(await cors.isHandshakeAllowed(Object.freeze({ headers, url: '//%' }))).toBe(false);
    expect(await cors.isHandshakeAllowed({ headers: { origin: [APP, APP] } })).toBe(false);
    expect(await cors.isHandshakeAllowed({ headers: { origin: APP } })).toBe(true);
  });

  it('rejects what is not a request', async () => {
    const cors = server.running.app.get(CorsService);
    for (const value of [undefined, null, 'https://app.example.com', {}, { headers: null }]) {
      await expect(cors.isHandshakeAllowed(value as never)).rejects.toThrow(
        'Pass the request of the handshake: the first argument of the `upgrade` event',
      );
    }
  });
});

describePlatforms('isHandshakeAllowed with `requireOrigin`', (platform) => {
  const server = serveChecked(platform, { requireOrigin: true });

  it('refuses a client that sends no Origin', async () => {
    expect(await shakeHands(server.running)).toBe(REFUSED);
    expect(await shakeHands(server.running, { headers: { 'Sec-Fetch-Site': 'same-origin' } })).toBe(OPEN);
    expect(await shakeHands(server.running, { origin: APP })).toBe(OPEN);
    expect(await shakeHands(server.running, { origin: 'http://api.example.com' })).toBe(OPEN);
  });
});

describePlatforms('isHandshakeAllowed behind TLS', (platform) => {
  const trusts = platform.name === 'fastify' ? { trustProxy: '127.0.0.1' } : { 'trust proxy': 'loopback' };
  const server = serveChecked(platform, undefined, { adapter: trusts });

  it('takes the scheme from a trusted proxy, and the host from the request', async () => {
    const through = (proto: string, origin: string) =>
      shakeHands(server.running, {
        origin,
        headers: { 'X-Forwarded-Proto': proto, 'X-Forwarded-Host': 'evil.example' },
      });
    expect(await through('https', 'https://api.example.com')).toBe(OPEN);
    expect(await through('wss', 'https://api.example.com')).toBe(OPEN); // as Traefik sends it
    expect(await through('ws', 'http://api.example.com')).toBe(OPEN);
    expect(await through('https', 'http://api.example.com')).toBe(REFUSED);
    expect(await through('http', 'https://api.example.com')).toBe(REFUSED);
    expect(await through('https', 'https://evil.example')).toBe(REFUSED);
  });
});

describePlatforms('isHandshakeAllowed on an HTTPS server', (platform) => {
  const certificate = selfSignedCertificate();
  const server = serveChecked(platform, undefined, {
    secure: true,
    application: platform.name === 'express' ? { httpsOptions: certificate } : {},
    adapter: { https: certificate },
  });

  it('allows a page that was loaded over https: from its own host', async () => {
    expect(await shakeHands(server.running, { origin: 'https://api.example.com' })).toBe(OPEN);
    expect(await shakeHands(server.running, { origin: 'https://api.example.com', host: 'api.example.com:443' })).toBe(
      OPEN,
    );
    expect(await shakeHands(server.running, { origin: 'http://api.example.com' })).toBe(REFUSED);
  });
});

describePlatforms('isHandshakeAllowed before the application is initialised', (platform) => {
  it('allows only what no policy is needed for', async () => {
    const app = await NestFactory.create(ListModule, platform.createAdapter(), { logger: false, abortOnError: false });
    checkUpgrades(app);
    const server = (app as INestApplication).getHttpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as { port: number };
      expect(await shakeHands({ port }, { origin: APP })).toBe(REFUSED);
      expect(await shakeHands({ port }, { origin: 'http://api.example.com' })).toBe(OPEN);
      expect(await shakeHands({ port }, { origin: EVIL, headers: { 'Sec-Fetch-Site': 'same-origin' } })).toBe(OPEN);
      expect(await shakeHands({ port })).toBe(OPEN);
    } finally {
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    }
  });
});

describe('isHandshakeAllowed in an application without HTTP', () => {
  it('rejects a value that is no request of Node, such as a Request of the Fetch API', async () => {
    const context = await NestFactory.createApplicationContext(ListModule, { logger: false, abortOnError: false });
    const cors = context.get(CorsService);
    const fetched = new globalThis.Request('http://api.example.com/', { headers: { Origin: EVIL } });
    const event = { headers: { Host: 'api.example.com', Origin: EVIL } }; // of API Gateway
    for (const value of [fetched, { headers: fetched.headers }, event, undefined, {}, { headers: null }]) {
      await expect(cors.isHandshakeAllowed(value as unknown as Request)).rejects.toThrow(
        '`request` has no headers of Node',
      );
    }
    const { url, headers } = fetched;
    expect(await cors.isHandshakeAllowed({ url, headers: Object.fromEntries(headers) })).toBe(false);
    await context.close();
  });

  it('takes the scheme from the socket', async () => {
    const context = await NestFactory.createApplicationContext(ListModule, { logger: false, abortOnError: false });
    const cors = context.get(CorsService);
    const decide = (origin: string, encrypted?: boolean, url = '/') =>
      cors.isHandshakeAllowed({ headers: { origin, host: 'api.example.com' }, url, socket: { encrypted } } as Request);
    expect(await decide('https://api.example.com', true)).toBe(true);
    expect(await decide('https://api.example.com')).toBe(false);
    expect(await decide('http://api.example.com')).toBe(true);
    expect(await decide(APP)).toBe(true);
    expect(await decide(PARTNER, false, '/handshake?a')).toBe(true);
    expect(await decide(APP, false, '/handshake')).toBe(false);
    await context.close();
  });
});
