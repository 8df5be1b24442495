import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { KeptLog } from '../boot/boot.js';
import { describePlatforms, startApp } from '../support/platforms.js';
import { APP, EVIL, preflight } from '../support/policy-statement.js';

@Controller('r')
class RController {
  @Get() list(): string {
    return 'ok';
  }
}

@Controller('open')
class OpenController {
  @Get() list(): string {
    return 'ok';
  }
}

describePlatforms('the log', (platform) => {
  const start = async (options: object, log: KeptLog) => {
    @Module({ imports: [CorsModule.forRoot(options)], controllers: [RController, OpenController] })
    class Root {}
    return startApp(platform, Root, { application: { logger: log } });
  };

  it('says why a request was refused, where, and what to do; each kind once', async () => {
    const log = new KeptLog();
    const server = await start({ origin: APP, methods: ['PUT'] }, log);
    try {
      log.warnings.length = 0;
      for (let time = 0; time < 3; time++) {
        await server.request({ method: 'GET', path: '/r', headers: { Origin: `${EVIL}${time}` } });
        await server.request(preflight(APP, 'PATCH', '/r'));
        await server.request(preflight(APP, 'PUT', '/r', 'x-a'));
        await server.request({ method: 'GET', path: '/r', headers: { Origin: APP } });
        await server.request({ method: 'GET', path: '/r', headers: { Origin: EVIL, 'Sec-Fetch-Site': 'same-origin' } });
      }
      expect(log.warnings).toHaveLength(3);
      expect(log.warnings[0]).toBe(
        'origin-not-allowed: "GET" "/r" from origin "https://evil.example0" (RController.list): add the origin to `origin` if it should have access',
      );
      expect(log.warnings.join('\n')).toContain('method-not-allowed: preflight for "PATCH"');
      expect(log.warnings.join('\n')).toContain(
        'header-not-allowed: preflight for "PUT" "/r" from origin "https://app.example.com" with headers "x-a"',
      );
    } finally {
      await server.close();
    }
  });

  it('says that nobody set an origin for a preflight', async () => {
    const log = new KeptLog();
    const server = await start({}, log);
    try {
      await server.request(preflight(APP, 'GET', '/r'));
      expect(log.warnings).toEqual([expect.stringMatching(/^no-policy: preflight for "GET" "\/r"/)]);
    } finally {
      await server.close();
    }
  });

  it('can be switched off', async () => {
    const log = new KeptLog();
    const server = await start({ origin: APP, diagnostics: { logRefusals: false } }, log);
    try {
      await server.request(preflight(EVIL, 'PATCH', '/r'));
      expect(log.warnings).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
