import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Logger, Module, type OnModuleInit, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Cors, type CorsExplanation, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { explainAndSend } from '../../support/explanations/explained-request.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import {
  describePlatforms,
  PLATFORMS,
  type Platform,
  type RootModule,
  serve,
  startApp,
} from '../../support/platforms.js';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('orders')
class OrdersController {
  @Get() list() {
    return spy.ran('list');
  }
  @Post() @Cors({ allowedHeaders: ['x-a'] }) create() {
    return spy.ran('create');
  }
  @Post('internal') @DisableCors() internal() {
    return spy.ran('internal');
  }
}

function application(options: Parameters<typeof CorsModule.forRoot>[0]): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)], controllers: [OrdersController] })
  class Root {}
  return Root;
}

describePlatforms('an explanation under enforceReportOnly', (platform) => {
  const server = serve(platform, application({ origin: APP, enforce: 'all', enforceReportOnly: true }), spy);

  it('says that the browser keeps the response, because the handler runs', async () => {
    const request = { method: 'POST', url: '/orders', origin: EVIL };
    const { explanation, response } = await explainAndSend(server.running, request);
    expect(explanation).toMatchObject({ readable: false, step: 'response', reason: 'origin-not-allowed', next: [] });
    expect(response.status).toBe(201);
  });
});

describePlatforms('an explanation under explainToClient', (platform) => {
  const diagnostics = { explainToClient: true };
  const server = serve(platform, application({ origin: APP, credentials: true, diagnostics }), spy);

  it('has the headers that the browser gets, and the names that it gives then', async () => {
    const request = { method: 'POST', url: '/orders', origin: APP, headers: ['x-c', 'x-b', 'x-a'], credentials: true };
    const { explanation } = await explainAndSend(server.running, request);
    expect(explanation).toMatchObject({
      readable: false,
      step: 'preflight',
      reason: 'header-not-allowed',
      missingHeaders: ['x-c', 'x-b'],
      preflight: { status: 204, headers: { 'cors-decision': 'header-not-allowed; missing=x-b,x-c' } },
      browsers: {
        chromium: 'HeaderDisallowedByPreflightResponse',
        firefox: 'CORSMissingAllowHeaderFromPreflight',
        webkit: 'header-not-allowed',
      },
    });
  });

  it('names the refusal of a disabled route', async () => {
    const request = { method: 'POST', url: '/orders/internal', origin: APP, headers: ['x-a'] };
    const { explanation } = await explainAndSend(server.running, request);
    expect(explanation).toMatchObject({
      readable: false,
      step: 'preflight',
      reason: 'disabled',
      missingHeaders: ['x-a'],
    });
  });
});

describePlatforms('an explanation', (platform) => {
  const server = serve(platform, application({ origin: APP, enforce: 'all' }), spy);
  const explain = (request: Parameters<CorsService['explain']>[0]) =>
    server.running.app.get(CorsService).explain(request);

  it('runs no handler, logs nothing and publishes nothing', async () => {
    const published: unknown[] = [];
    const receive = (message: unknown) => published.push(message);
    const lines: unknown[] = [];
    const log = (...parts: unknown[]) => lines.push(parts);
    Logger.overrideLogger({ log, warn: log, error: log });
    subscribe('nestjs-cors:decision', receive);
    try {
      spy.take();
      for (const origin of [APP, EVIL]) {
        for (const headers of [[], ['x-b']]) {
          await explain({ method: 'POST', url: '/orders', origin, headers });
        }
      }
      expect({ lines, published, ran: spy.take() }).toEqual({ lines: [], published: [], ran: [] });
      await server.request({ path: '/orders', headers: { Origin: EVIL } });
      expect({ lines: lines.length, published: published.length }).toEqual({ lines: 1, published: 1 });
    } finally {
      unsubscribe('nestjs-cors:decision', receive);
      Logger.overrideLogger(false);
    }
  });

  it('is frozen, and can be printed, compared and written as JSON', async () => {
    const explanation = await explain({ method: 'POST', url: '/orders', origin: ADMIN, headers: ['x-b'] });
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(explanation)).toBe(true);
    expect(frozen(await explain({ method: 'patch', url: '/orders', origin: APP, headers: ['x-b'] }))).toBe(true);
    expect(Object.keys(explanation)).not.toContain('toString');
    expect(JSON.parse(JSON.stringify(explanation))).toEqual({
      readable: false,
      step: 'preflight',
      reason: 'origin-not-allowed',
      next: ['header-not-allowed'],
      target: 'OrdersController.create',
      handler: 'OrdersController.create',
      preflight: {
        needed: true,
        because: ['header x-b'],
        status: 403,
        headers: {
          vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
          'content-length': '0',
        },
      },
      response: { headers: { vary: 'Origin', 'cache-control': 'no-store' } },
      missingHeaders: ['x-b'],
      nearMiss: { origin: APP, differsIn: 'subdomain' },
      sources: {
        origin: 'CorsModule',
        methods: 'default',
        allowedHeaders: 'OrdersController.create',
        exposedHeaders: 'default',
        credentials: 'default',
        maxAge: 'default',
        optionsSuccessStatus: 'default',
        enforce: 'CorsModule',
        enforceReportOnly: 'default',
        resourcePolicy: 'default',
        dangerouslyAllowInsecureOrigins: 'default',
      },
      browsers: {
        chromium: 'PreflightMissingAllowOriginHeader',
        firefox: 'CORSMissingAllowOrigin',
        webkit: 'preflight-status',
      },
    });
  });

  it.each([
    ['http://app.example.com', 'scheme'],
    [`${APP}:8443`, 'port'],
    [`${APP}/`, 'trailing slash'],
    ['https://App.example.com', 'case'],
    ['https://www.app.example.com', 'www'],
    [ADMIN, 'subdomain'],
  ])('names the origin that %s nearly equals', async (origin, differsIn) => {
    expect((await explain({ url: '/orders', origin })).nearMiss).toEqual({ origin: APP, differsIn });
  });

  it('rejects a request that no page can make', async () => {
    await expect(explain({ method: 'TRACE', url: '/orders', origin: APP })).rejects.toThrow(TypeError);
  });

  it('accepts a request that is hostile', async () => {
    for (const text of ['\u0000', '\u202e\u001b[2J', '\ud800', '%', 'a'.repeat(100_000), '__proto__', '//', '\\\\x']) {
      for (const request of [
        { url: `/${text}`, origin: APP },
        { url: '/orders', origin: text },
        {
          url: `/orders?${text}`,
          origin: `https://${text}`,
          headers: Object.assign(Object.create(null), { accept: 'x' }),
        },
      ]) {
        expect(String(await explain(request))).toMatch(/^(?:[ -~]+\n)*[ -~]+$/);
      }
    }
  });
});

describe('an application', () => {
  @Injectable()
  class StartingService implements OnModuleInit {
    explanation: CorsExplanation | undefined;
    readonly #cors: CorsService;

    constructor(cors: CorsService) {
      this.#cors = cors;
    }

    async onModuleInit() {
      this.explanation = await this.#cors.explain({ url: '/orders', origin: APP });
    }
  }

  @Module({
    imports: [CorsModule.forRoot({ origin: APP })],
    controllers: [OrdersController],
    providers: [StartingService],
  })
  class Root {}

  it.each(PLATFORMS)('is explained as soon as it has its routes ($name)', async (platform) => {
    const app = await NestFactory.create(Root, platform.createAdapter(), { logger: false });
    try {
      await expect(app.get(CorsService).explain({ url: '/orders', origin: APP })).rejects.toThrow(
        'The CORS policies cannot be explained before the application is initialised. Call app.init() or app.listen() first.',
      );
      await app.init();
      const { explanation } = app.get(StartingService);
      expect(explanation).toMatchObject({ readable: true, target: 'OrdersController.list' });
    } finally {
      await app.close();
    }
  });

  it('is not explained if it serves no HTTP', async () => {
    const context = await NestFactory.createApplicationContext(application({ origin: APP }), { logger: false });
    await expect(context.get(CorsService).explain({ url: '/', origin: APP })).rejects.toThrow(
      'There is nothing to explain: this application serves no HTTP.',
    );
    await context.close();
  });
});

it('does not know the outcome where the application throws while a request is looked up', async () => {
  const express = PLATFORMS.find(({ name }) => name === 'express') as Platform;
  @Controller({ path: 'tenants', host: ':tenant.example.com' })
  class TenantsController {
    @Get() list() {}
  }
  @Module({
    imports: [CorsModule.forRoot({ origin: APP, allowedHeaders: ['x-forwarded-host'] })],
    controllers: [TenantsController],
  })
  class Root {}
  const running = await startApp(express, Root, {
    configure: (app) =>
      (app as NestExpressApplication).set('trust proxy', () => {
        throw new Error('no proxy list');
      }),
  });
  try {
    const explanation = await running.app.get(CorsService).explain({
      url: '/tenants',
      origin: APP,
      headers: { 'x-forwarded-host': 'acme.example.com' },
    });
    expect(explanation).toMatchObject({ readable: undefined, step: 'response', reason: 'disabled' });
    expect(String(explanation)).toContain('Code of the application threw an error');
  } finally {
    await running.close();
  }
});
