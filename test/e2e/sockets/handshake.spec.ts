import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Platform, serve } from '../../support/platforms.js';
import { APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { checkUpgrades, shakeHands } from './handshake-server.js';

const OPEN = 'open';
const REFUSED = 403;

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP, 'https://*.example.org'],
      policies: { partners: { origin: PARTNER } },
      paths: [{ path: '/partners', policy: 'partners' }],
    }),
  ],
})
class ListModule {}

function serveChecked(platform: Platform, module = ListModule, options?: Parameters<typeof checkUpgrades>[1]) {
  return serve(platform, module, new HandlerSpy(), { configure: (app) => checkUpgrades(app, options) });
}

describePlatforms('isHandshakeAllowed in an upgrade listener', (platform) => {
  const server = serveChecked(platform);

  it('allows the origins of the application-wide policy, exactly', async () => {
    const answers: Record<string, unknown> = {};
    for (const origin of [
      APP,
      'https://a.example.org',
      EVIL,
      PARTNER,
      'null',
      `${APP}/`,
      'https://App.example.com',
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://evil-app.example.com.evil.example',
      'https://app.example.com.evil.example',
    ]) {
      answers[origin] = await shakeHands(server.running, { origin });
    }
    expect(answers).toEqual({
      [APP]: OPEN,
      'https://a.example.org': OPEN,
      [EVIL]: REFUSED,
      [PARTNER]: REFUSED,
      null: REFUSED,
      [`${APP}/`]: REFUSED,
      'https://App.example.com': REFUSED,
      'http://app.example.com': REFUSED,
      'https://app.example.com:8443': REFUSED,
      'https://evil-app.example.com.evil.example': REFUSED,
      'https://app.example.com.evil.example': REFUSED,
    });
  });

  it('allows a client that sends no Origin', async () => {
    expect(await shakeHands(server.running)).toBe(OPEN);
  });

  it('allows a page of its own host, and of no other port or scheme', async () => {
    expect(await shakeHands(server.running, { origin: 'http://api.example.com' })).toBe(OPEN);
    expect(await shakeHands(server.running, { origin: 'http://api.example.com', host: 'API.example.com:80' })).toBe(
      OPEN,
    );
    expect(await shakeHands(server.running, { origin: 'http://api.example.com:8080' })).toBe(REFUSED);
    expect(await shakeHands(server.running, { origin: 'https://api.example.com' })).toBe(REFUSED);
  });

  it('uses the policy of the path', async () => {
    expect(await shakeHands(server.running, { path: '/partners/live?room=1', origin: PARTNER })).toBe(OPEN);
    expect(await shakeHands(server.running, { path: '/partners/live', origin: APP })).toBe(REFUSED);
  });
});
