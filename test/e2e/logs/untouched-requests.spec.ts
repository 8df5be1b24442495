import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, type INestApplication, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import {
  describePlatforms,
  PLATFORMS,
  type Platform,
  type RootModule,
  type RunningApp,
  startApp,
} from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

type AnyResponse = ServerResponse & { readonly raw?: ServerResponse; hijack?(): void };

@Controller('plain')
class PlainController {
  @Get() list(): string {
    return 'plain';
  }
  @Cors('untouched') @Get('chosen') chosen(): string {
    return 'chosen';
  }
  @Get('own') @Header('Access-Control-Allow-Origin', '*') own(): string {
    return 'own';
  }
  @Get('written') written(@Res() response: AnyResponse): void {
    response.hijack?.();
    (response.raw ?? response).writeHead(200, ['access-control-allow-origin', '*']).end('written');
  }
}

function moduleOf(options: CorsModuleOptions, controllers: RootModule[] = [PlainController]): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)], controllers })
  class SomeModule {}
  return SomeModule;
}

const CLOSED = /^No route is open to another origin, because no level sets `origin`\. /;

describePlatforms('a request of another origin to an untouched route', (platform) => {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of running.splice(0)) {
      await one.close();
    }
  });
  const start = async (
    module: RootModule,
    configure?: (app: INestApplication) => unknown,
  ): Promise<{ server: RunningApp; log: RecordedLog }> => {
    const log = new RecordedLog();
    const server = await startApp(platform, module, { application: { logger: log }, ...(configure && { configure }) });
    running.push(server);
    log.warnings.length = 0;
    return { server, log };
  };

  it('is logged, and its response stays as it is', async () => {
    const { server, log } = await start(moduleOf({}));
    const response = await server.request({ path: '/plain?secret', headers: { Origin: APP } });
    expect([response.status, corsHeaders(response)]).toEqual([200, {}]);
    expect(log.warnings).toEqual([
      expect.stringMatching(
        /^no-policy: "GET" "\/plain" from origin "https:\/\/app\.example\.com" \(PlainController\.list\): /,
      ),
    ]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['it has no Origin', '/plain', {}],
    ['it has the same origin', '/plain', { Origin: APP, 'Sec-Fetch-Site': 'same-origin' }],
    ['its origin is the host', '/plain', { Origin: 'https://api.example.com', Host: 'api.example.com' }],
    ['the route is untouched by choice', '/plain/chosen', { Origin: APP }],
    ['the handler allows it', '/plain/own', { Origin: APP }],
    ['the handler allows it in writeHead', '/plain/written', { Origin: APP }],
  ])('is not logged if %s', async (_, path, headers) => {
    const { server, log } = await start(moduleOf({}));
    await server.request({ path, headers });
    expect(log.warnings).toEqual([]);
  });

  it('is not logged if enableCors() allows it', async () => {
    const { server, log } = await start(moduleOf({}), (app) => app.enableCors());
    log.warnings.length = 0;
    const response = await server.request({ path: '/plain', headers: { Origin: APP } });
    expect(corsHeaders(response)['access-control-allow-origin']).toBe('*');
    expect(log.warnings).toEqual([]);
  });

  it('is not logged in production', async () => {
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = 'production';
    try {
      const { server, log } = await start(moduleOf({}));
      process.env.NODE_ENV = 'test';
      await server.request({ path: '/plain', headers: { Origin: APP } });
      expect(log.warnings).toEqual([]);
    } finally {
      process.env.NODE_ENV = NODE_ENV;
    }
  });

  it('is served although a trust-proxy function of the application throws', async () => {
    const { server } = await start(moduleOf({}), (app) => {
      if (platform.name === 'express') {
        app
          .getHttpAdapter()
          .getInstance()
          .set('trust proxy', () => {
            throw new Error('no such network');
          });
      }
    });
    const headers = { Origin: APP, 'X-Forwarded-Host': 'api.example.com' };
    expect((await server.request({ path: '/plain', headers })).status).toBe(200);
  });

  it.each<[string, CorsModuleOptions, RootModule[], number]>([
    ['no level sets an origin', {}, [PlainController], 1],
    ['there is no handler', {}, [], 1],
    ['the entries of `paths` are closed', { paths: [{ path: '/a', policy: false }] }, [PlainController], 1],
    ['the module sets an origin', { origin: APP }, [PlainController], 0],
    ['an entry of `paths` is open', { paths: [{ path: '/a', policy: { origin: APP } }] }, [PlainController], 0],
  ])('is announced at boot if no route is open: %s', async (_, options, controllers, lines) => {
    const { log } = await start(moduleOf(options, controllers));
    expect(log.notes.filter((note) => CLOSED.test(note))).toHaveLength(lines);
  });

  it('is announced at boot unless a handler is open', async () => {
    @Cors({ origin: APP })
    @Controller('open')
    class OpenController {
      @Get() list(): void {}
    }
    const { log } = await start(moduleOf({}, [PlainController, OpenController]));
    expect(log.notes.filter((note) => CLOSED.test(note))).toEqual([]);
  });

  it('is not announced in an application without HTTP', async () => {
    const log = new RecordedLog();
    const context = await NestFactory.createApplicationContext(moduleOf({}, []), { logger: log });
    running.push(context);
    expect(log.notes.filter((note) => CLOSED.test(note))).toEqual([]);
  });
});

describe('a request of another origin to a plain Express application inside an untouched one', () => {
  const [platform] = PLATFORMS as [Platform];

  it('stays a request of that application after it is logged', async () => {
    const log = new RecordedLog();
    const inside = platform.createAdapter().getInstance();
    const apps: unknown[] = [];
    inside.get('/', (request: IncomingMessage & { readonly app: unknown }, response: ServerResponse) => {
      response.write('first');
      apps.push(request.app);
      response.end();
    });
    const server = await startApp(platform, moduleOf({}, []), {
      application: { logger: log },
      configure: (app) => app.use('/inside', inside),
    });
    try {
      await server.request({ path: '/inside', headers: { Origin: APP } });
      expect(log.warnings).toEqual([expect.stringMatching(/^no-policy: "GET" "\/inside" /)]);
      expect(apps).toEqual([inside]);
    } finally {
      await server.close();
    }
  });
});

describe('a request of another origin to an untouched route of an application inside another (express)', () => {
  const [platform] = PLATFORMS as [Platform];

  it.each<[string, CorsModuleOptions, CorsModuleOptions, string | undefined]>([
    ['the inner one is open', {}, { origin: APP }, APP],
    ['only the inner one is untouched', { origin: APP }, {}, APP],
    ['both are untouched', {}, {}, undefined],
    ['the inner one refuses it', {}, { origin: EVIL }, undefined],
  ])('is logged once, by the outer one, unless the other decides: %s', async (_, outer, inner, allowed) => {
    const log = new RecordedLog();
    const inside = await NestFactory.create(moduleOf(inner), platform.createAdapter(), { logger: log });
    await inside.init();
    const server = await startApp(platform, moduleOf(outer, []), {
      application: { logger: log },
      configure: (app) => app.use('/inside', inside.getHttpAdapter().getInstance()),
    });
    try {
      log.warnings.length = 0;
      const response = await server.request({ path: '/inside/plain', headers: { Origin: APP } });
      expect(corsHeaders(response)['access-control-allow-origin']).toBe(allowed);
      expect(log.warnings.filter((line) => line.startsWith('no-policy: '))).toEqual(
        inner.origin === undefined && allowed === undefined
          ? [expect.stringContaining('"GET" "/inside/plain" from origin')]
          : [],
      );
    } finally {
      await server.close();
      await inside.close();
    }
  });
});
