import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Put } from '@nestjs/common';
import { CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import {
  describePlatforms,
  PLATFORMS,
  type Platform,
  type RunningApp,
  type StartOptions,
  startApp,
} from '../../support/platforms.js';
import { APP, EVIL, preflight } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import { RecordedLog } from '../../unit/boot/boot.js';

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

describePlatforms('the refusal log', (platform) => {
  const start = async (options: object, log: RecordedLog, more: StartOptions = {}) => {
    @Module({ imports: [CorsModule.forRoot(options)], controllers: [RController, OpenController] })
    class Root {}
    return startApp(platform, Root, { ...more, application: { logger: log } });
  };

  it('states the reason, the handler and the fix, once for each kind', async () => {
    const log = new RecordedLog();
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
        'origin-not-allowed: "GET" "/r" from origin "https://evil.example0" (RController.list): `origin` does not list this origin. If the page should have access, write `origin: [\'https://app.example.com\', \'https://evil.example0\']` in CorsModule.',
      );
      expect(log.warnings.join('\n')).toContain('method-not-allowed: preflight for "PATCH"');
      expect(log.warnings.join('\n')).toContain(
        'header-not-allowed: preflight for "PUT" "/r" from origin "https://app.example.com" with headers "x-a"',
      );
    } finally {
      await server.close();
    }
  });

  it('states that no policy sets an origin for a preflight', async () => {
    const log = new RecordedLog();
    const server = await start({}, log);
    try {
      await server.request(preflight(APP, 'GET', '/r'));
      expect(log.warnings).toEqual([expect.stringMatching(/^no-policy: preflight for "GET" "\/r"/)]);
    } finally {
      await server.close();
    }
  });

  it.each(['/mounted/a/b', '/enforced/a', '/asked/a', '/r/below', '/r/before'])(
    'shows %s as the client sent it, even if middleware rewrites the URL',
    async (path) => {
      const log = new RecordedLog();
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

  it('can be disabled', async () => {
    const log = new RecordedLog();
    const server = await start({ origin: APP, diagnostics: { logRefusals: false } }, log);
    try {
      await server.request(preflight(EVIL, 'PATCH', '/r'));
      expect(log.warnings).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

@Controller('named')
class NamedController {
  @DisableCors() @Get('off') off(): string {
    return 'off';
  }
}

describePlatforms('the refusal log of a route without cross-origin access', (platform) => {
  const log = new RecordedLog();
  let server: RunningApp;
  beforeAll(async () => {
    const options: CorsModuleOptions = {
      origin: APP,
      paths: [
        { path: '/svc', policy: false },
        { path: '/other', policy: false },
        { path: '/left', policy: 'untouched' },
      ],
    };
    @Module({ imports: [CorsModule.forRoot(options)], controllers: [NamedController] })
    class Root {}
    server = await startApp(platform, Root, {
      application: { logger: log },
      configure: (app) => {
        for (const path of ['/svc', '/other', '/left']) {
          app.use(path, (_request: object, response: ServerResponse) => response.end());
        }
      },
    });
  });
  afterAll(() => server.close());

  const about = async (request: RawRequest) => {
    log.warnings.length = 0;
    await server.request(request);
    return log.warnings.map((line) => line.replace(/^.*from origin "[^"]*" /, ''));
  };

  it.each([
    [
      '/named/off',
      '(NamedController.off): @DisableCors() on NamedController.off refuses other origins. If the page should have access, write `@Cors()` in its place.',
    ],
    [
      '/svc/a',
      '(paths "/svc"): `policy: false` in this entry of `paths` refuses other origins. If the page should have access, write `policy: { origin: \'https://app.example.com\' }` in paths "/svc".',
    ],
    [
      '/other/a',
      '(paths "/other"): `policy: false` in this entry of `paths` refuses other origins. If the page should have access, write `policy: { origin: \'https://app.example.com\' }` in paths "/other".',
    ],
  ])('names the handler or path that refuses %s', async (path, line) => {
    expect(await about({ path, headers: { Origin: APP } })).toEqual([line]);
    expect(await about(preflight(APP, 'GET', path))).toEqual([line]);
  });

  it('has no line for an untouched path', async () => {
    expect(await about(preflight(APP, 'GET', '/left/a'))).toEqual([]);
  });
});

describe('the refusal log of a request that failed before its handler (express)', () => {
  @Controller({ path: 'bound', host: 'api.test' })
  class BoundController {
    @Get() list(): string {
      return 'bound';
    }
  }
  @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [BoundController] })
  class Root {}

  it('names no handler and no decorator', async () => {
    const log = new RecordedLog();
    const [express] = PLATFORMS as [Platform];
    const server = await startApp(express, Root, {
      application: { logger: log },
      configure: (app) => {
        app
          .getHttpAdapter()
          .getInstance()
          .set('trust proxy', () => {
            throw new Error('no such network');
          });
        app.use('/bound', (_request: object, response: ServerResponse) => response.end());
      },
    });
    try {
      log.warnings.length = 0;
      await server.request({ path: '/bound', headers: { Origin: APP, 'X-Forwarded-Host': 'api.test' } });
      expect(log.warnings).toEqual([expect.stringContaining('(an unknown route): No policy could be found')]);
    } finally {
      await server.close();
    }
  });
});
