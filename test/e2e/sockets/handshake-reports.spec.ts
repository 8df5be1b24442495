import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { beforeEach, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { CorsModule, CorsService } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';
import { checkUpgrades, OPEN, REFUSED, shakeHands } from './handshake-server.js';

const OWN_OVER_TLS = 'https://api.example.com';

@Module({
  imports: [
    CorsModule.forRoot({
      policies: { partners: { origin: PARTNER } },
      paths: [
        { path: '/live', policy: { origin: APP } },
        { path: '/own', policy: { origin: OWN_OVER_TLS } },
        { path: '/off', policy: false },
        { path: '/proxied', policy: { origin: APP } },
      ],
    }),
  ],
})
class ReportedModule {}

describePlatforms('a refused handshake', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, ReportedModule, new HandlerSpy(), {
    application: { logger: log },
    configure: (app) => checkUpgrades(app),
  });

  beforeEach(() => {
    log.warnings.length = 0;
  });

  it('is logged once, with the code, the path, the origin, the place and the fix', async () => {
    for (let time = 0; time < 3; time++) {
      expect(await shakeHands(server.running, { path: '/live?token=secret', origin: EVIL })).toBe(REFUSED);
    }
    expect(log.warnings).toEqual([
      'origin-not-allowed: WebSocket handshake "/live" from origin "https://evil.example" (paths "/live"): `origin` does not list this origin. If the page should have access, write `origin: [\'https://app.example.com\', \'https://evil.example\']` in paths "/live".',
    ]);
  });

  it('is logged beside a request that is refused for the same reason', async () => {
    await server.running.request({ path: '/off', headers: { Origin: EVIL } });
    await shakeHands(server.running, { path: '/off', origin: EVIL });
    expect(log.warnings.map((line) => line.split(' from ')[0])).toEqual([
      'disabled: "GET" "/off"',
      'disabled: WebSocket handshake "/off"',
    ]);
  });

  it('is logged with what is missing where the application has no origin', async () => {
    await shakeHands(server.running, { path: '/none', origin: EVIL });
    expect(log.warnings).toEqual([
      'no-policy: WebSocket handshake "/none" from origin "https://evil.example" (CorsModule): The policy has no `origin`, so pages of other origins may not open WebSockets. If the page should have access, set `origin` in CorsModule, or write `@Cors({ origin })` on the gateway.',
    ]);
  });

  it('is logged where `requireOrigin` refuses it, and under the name of its policy', async () => {
    const cors = server.running.app.get(CorsService);
    await cors.isHandshakeAllowed({ headers: {}, url: '/x' }, { policy: 'partners', requireOrigin: true });
    await cors.isHandshakeAllowed({ headers: { origin: EVIL }, url: '/x' }, { policy: 'partners' });
    expect(log.warnings).toEqual([
      'no-origin: WebSocket handshake "/x" without an origin (policy "partners"): The client sends no Origin, and either `requireOrigin` is set or it polls by JSONP. Browsers send it with WebSockets, and with requests to another origin. If other clients should connect, leave `requireOrigin` out.',
      'origin-not-allowed: WebSocket handshake "/x" from origin "https://evil.example" (policy "partners"): `origin` does not list this origin. If the page should have access, write `origin: [\'https://partner.example\', \'https://evil.example\']` in policy "partners".',
    ]);
  });

  it('is logged with the trust-proxy setting of the platform if the page was loaded over TLS from the same host', async () => {
    const from = (origin: string, path = '/proxied') =>
      shakeHands(server.running, { path, origin, headers: { 'X-Forwarded-Proto': 'https' } });
    expect(await from(EVIL)).toBe(REFUSED);
    expect(await from(OWN_OVER_TLS)).toBe(REFUSED);
    expect(await from(OWN_OVER_TLS)).toBe(REFUSED);
    expect(await from('https://api.example.com:8443')).toBe(REFUSED);
    expect(await from(OWN_OVER_TLS, '/own')).toBe(OPEN);
    const code =
      platform.name === 'express'
        ? "app.set('trust proxy', 'loopback')"
        : "new FastifyAdapter({ trustProxy: '127.0.0.1' })";
    expect(log.warnings.filter((line) => line.includes('TLS'))).toEqual([
      `origin-not-allowed: WebSocket handshake "/proxied" from origin "https://api.example.com" (paths "/proxied"): The page has the host of this server, but it was loaded over https:, and the platform says that the handshake came over http:. If a proxy terminates TLS, make the platform trust the address of the proxy: \`${code}\`.`,
    ]);
  });

  it('is published, as is one that a policy allows', async () => {
    const messages: unknown[] = [];
    const add = (message: unknown) => messages.push(message);
    subscribe('nestjs-cors:decision', add);
    try {
      await shakeHands(server.running, { path: '/live?a', origin: APP });
      await shakeHands(server.running, { path: '/live', origin: EVIL });
      await shakeHands(server.running, { path: '/live', origin: 'http://api.example.com' });
      await shakeHands(server.running, { path: '/live' });
    } finally {
      unsubscribe('nestjs-cors:decision', add);
    }
    const published = (outcome: string, reason: string, origin: string) => ({
      decision: { outcome, reason, headers: [], vary: [] },
      target: 'paths "/live"',
      origin,
      method: 'GET',
      path: '/live',
      preflight: false,
    });
    expect(messages).toEqual([published('allowed', 'allowed', APP), published('refused', 'origin-not-allowed', EVIL)]);
    expect(messages.every((message) => Object.isFrozen(message))).toBe(true);
  });
});
