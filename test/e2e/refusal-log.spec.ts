import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Put } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { KeptLog } from '../boot/boot.js';
import { describePlatforms, type StartOptions, startApp } from '../support/platforms.js';
import { APP, EVIL, preflight } from '../support/policy-statement.js';

@Controller('r')
class RController {
  @Get() list(): string {
    return 'ok';
  }
  @Get('below') below(): string {
    return 'below';
  }
  @Put('below') replace(): string {
    return 'replaced';
  }
}

@Controller('open')
class OpenController {
  @Get() list(): string {
    return 'ok';
  }
}

describePlatforms('the log', (platform) => {
  const start = async (options: object, log: KeptLog, more: StartOptions = {}) => {
    @Module({ imports: [CorsModule.forRoot(options)], controllers: [RController, OpenController] })
    class Root {}
    return startApp(platform, Root, { ...more, application: { logger: log } });
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

  it.each(['/mounted/a/b', '/enforced/a', '/asked/a', '/r/below', '/r/before'])(
    'names %s as the client asked for it, whatever middleware makes of it',
    async (path) => {
      const log = new KeptLog();
      const end = (_request: object, response: ServerResponse) => response.end();
      const configure = (app: INestApplication) => {
        app.use('/mounted', (request: IncomingMessage, _response: object, next: () => void) => {
          request.url = '/rewritten';
          (request as { originalUrl?: string }).originalUrl = '/rewritten';
          request.method = 'DELETE';
          next();
        });
        for (const mounted of ['/mounted', '/enforced', '/asked']) {
          app.use(mounted, end);
        }
        app.use((request: IncomingMessage, _response: object, next: () => void) => {
          request.url = request.url?.replace('before', 'below');
          next();
        });
      };
      const paths = [
        { path: '/enforced', policy: { enforce: 'all' } },
        { path: '/asked', policy: { origin: async () => false, enforce: 'all' } },
      ];
      const server = await start({ origin: APP, paths }, log, { configure });
      try {
        log.warnings.length = 0;
        await server.request({ path: `${path}?query`, headers: { Origin: EVIL } });
        await server.request(preflight(EVIL, 'PUT', `${path}?query`));
        expect(log.warnings).toEqual([
          expect.stringContaining(`: "GET" "${path}" from origin`),
          expect.stringContaining(`: preflight for "PUT" "${path}" from origin`),
        ]);
      } finally {
        await server.close();
      }
    },
  );

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
