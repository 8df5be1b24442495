import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, type INestApplication, Module, Options, Post, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, type CorsDecisionMessage, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { describePlatforms, PLATFORMS, type Platform, type RunningApp, startApp } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';

const CHANNEL = 'nestjs-cors:decision';
const VARY_PREFLIGHT = PREFLIGHT_VARY.split(', ');

@Controller('open')
class OpenController {
  @Get() list(): string {
    return 'open';
  }
  @Post('enforced') @Cors({ enforce: 'all' }) enforced(): void {}
  @Post('tried') @HttpCode(200) @Cors({ enforce: 'all', enforceReportOnly: true }) tried(): void {}
  @Post('guarded') @UseGuards({ canActivate: () => false }) guarded(): void {}
  @Get('asked') @Cors({ origin: async (origin) => origin === APP }) asked(): void {}
  @Get('disabled') @DisableCors() disabled(): void {}
}

@Cors('untouched')
@Controller('left')
class LeftController {
  @Get() list(): string {
    return 'left';
  }
  @Get('options') get(): void {}
  @Options('options') @Cors({ origin: APP, enforce: 'all' }) options(): void {}
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: APP,
      maxAge: 60,
      paths: [
        { path: '/files', policy: { maxAge: 5 } },
        { path: '/strict', policy: { enforce: 'all' } },
      ],
    }),
  ],
  controllers: [OpenController, LeftController],
})
class AppModule {}

function configure(app: INestApplication): void {
  for (const path of ['/files', '/strict']) {
    app.use(path, (_request: IncomingMessage, response: ServerResponse) => response.end(path));
  }
}

/** The messages that a request causes. */
async function messagesOf(send: () => Promise<unknown>): Promise<CorsDecisionMessage[]> {
  const messages: CorsDecisionMessage[] = [];
  const add = (message: unknown) => messages.push(message as CorsDecisionMessage);
  subscribe(CHANNEL, add);
  try {
    await send();
  } finally {
    unsubscribe(CHANNEL, add);
  }
  return messages;
}

const ALLOWED = {
  outcome: 'allowed',
  reason: 'allowed',
  headers: ['Access-Control-Allow-Origin', APP],
  vary: ['Origin'],
};
const refused = (reason: string, vary: readonly string[]) => ({ outcome: 'refused', reason, headers: [], vary });
const forbidden = (reason: string) => ({
  ...refused(reason, ['Origin']),
  headers: ['Cache-Control', 'no-store'],
  noStore: true,
});
const LEFT = { outcome: 'untouched', reason: 'no-policy', headers: [], vary: [] };
const get = (path: string, origin?: string): RawRequest => ({ method: 'GET', path, headers: { Origin: origin } });
const post = (path: string, origin?: string): RawRequest => ({ method: 'POST', path, headers: { Origin: origin } });

describePlatforms('the channel nestjs-cors:decision', (platform) => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await startApp(platform, AppModule, { configure });
  });
  afterAll(() => server.close());

  it.each<[string, RawRequest, object, string]>([
    ['an allowed request', get('/open?secret=1', APP), ALLOWED, 'OpenController.list'],
    ['a refused request', get('/open', EVIL), refused('origin-not-allowed', ['Origin']), 'OpenController.list'],
    ['a request without Origin', get('/open'), refused('no-origin', ['Origin']), 'OpenController.list'],
    ['a request to a disabled route', get('/open/disabled', APP), refused('disabled', []), 'OpenController.disabled'],
    ['a request to an untouched route', get('/left', APP), LEFT, 'LeftController.list'],
    [
      'a request that a resolver decides',
      get('/open/asked', EVIL),
      refused('origin-not-allowed', ['Origin']),
      'OpenController.asked',
    ],
    ['a request without a handler', get('/none', APP), ALLOWED, 'CorsModule'],
    ['a request below an entry of `paths`', get('/files/a', APP), ALLOWED, 'paths "/files"'],
    ['a request that a guard refuses', post('/open/guarded', APP), ALLOWED, 'OpenController.guarded'],
    [
      'a request that a handler enforces',
      post('/open/enforced', EVIL),
      forbidden('origin-not-allowed'),
      'OpenController.enforced',
    ],
    ['a request that a path enforces', post('/strict/a', EVIL), forbidden('origin-not-allowed'), 'paths "/strict"'],
    [
      'a request that would be refused',
      post('/open/tried', EVIL),
      refused('would-refuse', ['Origin']),
      'OpenController.tried',
    ],
  ])('has one message for %s', async (_, request, decision, target) => {
    expect(await messagesOf(() => server.request(request))).toEqual([
      {
        decision,
        target,
        origin: request.headers?.Origin,
        method: request.method,
        path: request.path?.replace('?secret=1', ''),
        preflight: false,
      },
    ]);
  });

  it.each<[string, RawRequest, object, string]>([
    [
      'an allowed preflight',
      preflight(APP, 'GET', '/open?secret=1'),
      {
        outcome: 'allowed',
        reason: 'allowed',
        headers: [
          'Access-Control-Allow-Origin',
          APP,
          'Access-Control-Allow-Methods',
          'GET',
          'Access-Control-Max-Age',
          '60',
        ],
        vary: VARY_PREFLIGHT,
      },
      'OpenController.list',
    ],
    [
      'a refused preflight',
      preflight(APP, 'GET', '/open', 'x-a'),
      refused('header-not-allowed', VARY_PREFLIGHT),
      'OpenController.list',
    ],
    [
      'a preflight that a resolver refuses',
      preflight(EVIL, 'GET', '/open/asked'),
      refused('origin-not-allowed', VARY_PREFLIGHT),
      'OpenController.asked',
    ],
    ['a preflight that is passed on', preflight(APP, 'GET', '/left'), LEFT, 'LeftController.list'],
    [
      'a passed-on preflight that an OPTIONS handler enforces',
      preflight(EVIL, 'GET', '/left/options'),
      forbidden('origin-not-allowed'),
      'LeftController.options',
    ],
    [
      'a passed-on preflight that an OPTIONS handler answers',
      preflight(APP, 'GET', '/left/options'),
      LEFT,
      'LeftController.get',
    ],
  ])('has one message for %s', async (_, request, decision, target) => {
    expect(await messagesOf(() => server.request(request))).toEqual([
      {
        decision,
        target,
        origin: request.headers?.Origin,
        method: 'GET',
        path: request.path?.replace('?secret=1', ''),
        preflight: true,
      },
    ]);
  });

  it('has no message for a request that is only explained', async () => {
    const request = { method: 'GET', url: '/open', origin: EVIL, headers: ['x-a'] };
    expect(await messagesOf(() => server.app.get(CorsService).explain(request))).toEqual([]);
  });

  it('has messages that cannot change a response', async () => {
    const errors: unknown[] = [];
    const meddle = (message: unknown) => {
      const { decision } = message as { decision: { headers: string[]; vary: string[]; outcome: string } };
      for (const change of [
        () => decision.headers.push('X-Evil', '1'),
        () => decision.vary.push('X-Evil'),
        () => Object.assign(decision, { outcome: 'allowed' }),
        () => Object.assign(message as object, { decision: undefined }),
      ]) {
        try {
          change();
        } catch (error) {
          errors.push(error);
        }
      }
    };
    subscribe(CHANNEL, meddle);
    try {
      const responses = [await server.request(get('/open', APP)), await server.request(get('/open', EVIL))];
      expect(responses.map(corsHeaders)).toEqual([
        { 'access-control-allow-origin': APP, vary: 'Origin' },
        { vary: 'Origin' },
      ]);
    } finally {
      unsubscribe(CHANNEL, meddle);
    }
    expect(errors).toHaveLength(8);
  });

  it('changes no response when a subscriber throws', async () => {
    // Jest gives tests a copy of the process without its listeners.
    const real: NodeJS.Process = process.nextTick.constructor('return process')();
    const listeners = real.listeners('uncaughtException');
    const errors: unknown[] = [];
    const fail = () => {
      throw new Error('no metrics');
    };
    real.removeAllListeners('uncaughtException');
    real.on('uncaughtException', (error) => errors.push(error));
    subscribe(CHANNEL, fail);
    try {
      const response = await server.request(get('/open', APP));
      expect([response.status, corsHeaders(response)]).toEqual([
        200,
        { 'access-control-allow-origin': APP, vary: 'Origin' },
      ]);
      expect((await server.request(preflight(APP, 'GET', '/open'))).status).toBe(204);
    } finally {
      unsubscribe(CHANNEL, fail);
      real.removeAllListeners('uncaughtException');
      for (const listener of listeners) {
        real.on('uncaughtException', listener);
      }
    }
    expect(errors).toHaveLength(2);
  });
});

describe('the channel nestjs-cors:decision, in an application inside another (express)', () => {
  const [express] = PLATFORMS as [Platform];
  let inside: INestApplication;
  let server: RunningApp;
  beforeAll(async () => {
    inside = await NestFactory.create(AppModule, express.createAdapter(), { logger: false });
    await inside.init();
    @Module({ imports: [CorsModule.forRoot({ origin: EVIL, paths: [{ path: '/inside', policy: 'untouched' }] })] })
    class OuterModule {}
    server = await startApp(express, OuterModule, {
      configure: (app) => app.use('/inside', inside.getHttpAdapter().getInstance()),
    });
  });
  afterAll(async () => {
    await server.close();
    await inside.close();
  });

  it.each<[string, RawRequest, string, string]>([
    ['the inner decision about a request', get('/inside/open', APP), 'allowed', 'OpenController.list'],
    ['the inner decision about a preflight', preflight(APP, 'GET', '/inside/open'), 'allowed', 'OpenController.list'],
    [
      'the inner refusal of a request',
      post('/inside/open/enforced', EVIL),
      'origin-not-allowed',
      'OpenController.enforced',
    ],
    ['the outer decision about what the inner one leaves', get('/inside/left', APP), 'no-policy', 'paths "/inside"'],
    [
      'the outer decision about a preflight that both pass on',
      preflight(APP, 'GET', '/inside/left'),
      'no-policy',
      'paths "/inside"',
    ],
  ])('has one message with %s', async (_, request, reason, target) => {
    const messages = await messagesOf(() => server.request(request));
    expect(messages.map(({ decision, target, path }) => [decision.reason, target, path])).toEqual([
      [reason, target, request.path],
    ]);
  });
});
