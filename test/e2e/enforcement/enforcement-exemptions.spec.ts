import { expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('unsafe')
class UnsafeMethodsController {
  @Post() @HttpCode(200) create() {
    return spy.ran('post');
  }
}

@Cors({ enforce: 'all' })
@Controller('all')
class AllMethodsController {
  @Get() list() {
    return spy.ran('get');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], enforce: 'unsafe-methods' })],
  controllers: [UnsafeMethodsController, AllMethodsController],
})
class EnforcingModule {}

const REFUSED: Outcome = { status: 403, headers: { vary: 'Origin' }, ran: [] };
const bare = (handler: string): Outcome => ({ status: 200, headers: { vary: 'Origin' }, ran: [handler] });

describePlatforms('an enforced policy', (platform) => {
  const server = serve(platform, EnforcingModule, spy);
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    server.outcome({ method, path, headers });

  const sameHost = () => `127.0.0.1:${server.running.port}`;

  it('allows requests without Origin', async () => {
    expect(await send('POST', '/unsafe')).toEqual(bare('post'));
    expect(await send('GET', '/all')).toEqual(bare('get'));
  });

  it.each(['same-origin', 'none'])('allows a refused origin with Sec-Fetch-Site: %s', async (site) => {
    expect(await send('POST', '/unsafe', { Origin: EVIL, 'Sec-Fetch-Site': site })).toEqual(bare('post'));
    expect(await send('POST', '/unsafe', { Origin: 'null', 'Sec-Fetch-Site': site })).toEqual(bare('post'));
  });

  it.each(['same-site', 'cross-site', 'Same-Origin', 'same-origin, none', ''])(
    'refuses a refused origin with Sec-Fetch-Site: %j',
    async (site) => {
      expect(await send('POST', '/unsafe', { Origin: EVIL, 'Sec-Fetch-Site': site })).toEqual(REFUSED);
    },
  );

  it('allows an Origin that equals Host if there is no Sec-Fetch-Site', async () => {
    for (const scheme of ['http', 'https']) {
      expect(await send('POST', '/unsafe', { Origin: `${scheme}://${sameHost()}` })).toEqual(bare('post'));
    }
    expect(await send('POST', '/unsafe', { Origin: 'https://api.example.com', Host: 'api.example.com' })).toEqual(
      bare('post'),
    );
  });

  it.each([
    'capacitor://',
    'app://',
    '://',
    '//',
    '',
    'blob:https://',
    'wss://',
    'HTTPS://',
    'https://user@',
    'https:',
  ])('refuses the Origin %jsrv.test with the Host srv.test', async (scheme) => {
    expect(await send('POST', '/unsafe', { Origin: `${scheme}srv.test`, Host: 'srv.test' })).toEqual(REFUSED);
  });

  it('refuses an Origin that equals Host if Sec-Fetch-Site is cross-site', async () => {
    const headers = { Origin: `http://${sameHost()}`, 'Sec-Fetch-Site': 'cross-site' };
    expect(await send('POST', '/unsafe', headers)).toEqual(REFUSED);
  });

  it.each(['http://127.0.0.1:1', 'http://127.0.0.1', 'http://localhost'])(
    'refuses the Origin %s, whose port or name differs from Host',
    async (origin) => {
      expect(await send('POST', '/unsafe', { Origin: origin })).toEqual(REFUSED);
    },
  );

  it.each([
    ['https://api.example.com', 'xapi.example.com'],
    ['https://api.example.com', 'api.example.com:8443'],
    ['https://api.example.com:8443', 'api.example.com'],
    ['https://api.example.com', 'api.example.com.evil.example'],
    ['https://api.example.com', 'api.example.com@evil.example'],
  ])('refuses the Origin %s with the Host %s', async (origin, host) => {
    expect(await send('POST', '/unsafe', { Host: host, Origin: origin })).toEqual(REFUSED);
  });

  it('ignores X-Forwarded-Host unless the proxy is trusted', async () => {
    expect(await send('POST', '/unsafe', { Origin: EVIL, 'X-Forwarded-Host': 'evil.example' })).toEqual(REFUSED);
  });

  it('refuses Origin: null without Sec-Fetch-Site', async () => {
    expect(await send('POST', '/unsafe', { Origin: 'null' })).toEqual(REFUSED);
  });
});
