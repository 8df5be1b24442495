import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import type { RouteOptions } from '../../../src/http/fastify/fastify-port.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import {
  describePlatforms,
  type Platform,
  type RootModule,
  type StartOptions,
  serve,
} from '../../support/platforms.js';
import {
  ADMIN,
  APP,
  EVIL,
  expectPolicy,
  PARTNER,
  preflight,
  REFUSED_PREFLIGHT,
} from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

/** Answers with its own CORS headers, as a server behind a proxy does. */
function answerForeign(name: string, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Allow-Methods', 'DELETE');
  response.end(spy.ran(name));
}

/** The most tolerant reader: decodes repeatedly, replaces backslashes, resolves dots, folds case. */
function lenientPath(url: string): string {
  let path = url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  for (let before = ''; before !== path; ) {
    before = path;
    path = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  return new URL(path.replaceAll('\\', '/').replace(/\/{2,}/g, '/'), 'http://host.test').pathname.toLowerCase();
}

/** A proxy that decodes once, keeps the delimiters of the URL, and forwards to a server that resolves dots. */
function onceDecodedPath(url: string): string {
  try {
    return new URL(decodeURI(url), 'http://host.test').pathname;
  } catch {
    return url;
  }
}

type Next = () => void;

/** Everything that may serve a path: mounted middleware, a proxy for similar paths, and the platform. */
function serveForeign(platform: Platform, app: INestApplication): void {
  const all = (name: string) => (request: IncomingMessage, response: ServerResponse) =>
    answerForeign(name, request, response);
  app.use('/svc', all('mounted'));
  app.use('/open', all('open'));
  app.use((request: IncomingMessage, response: ServerResponse, next: Next) => {
    const url = request.url ?? '';
    if (/^\/svc(?:\/|$)/.test(lenientPath(url))) {
      answerForeign('lenient', request, response);
    } else if (/^\/svc(?:\/|$)/.test(onceDecodedPath(url))) {
      answerForeign('once', request, response);
    } else {
      next();
    }
  });
  const instance = app.getHttpAdapter().getInstance() as {
    register?(plugin: (scope: { route(options: object): void }) => Promise<void>, options: object): void;
  };
  if (platform.name === 'fastify') {
    instance.register?.(
      async (scope) => {
        const route: RouteOptions & { method: string[]; url: string } = {
          method: ['GET', 'DELETE'],
          url: '/*',
          handler: (_request, reply) => {
            const { raw } = reply as { raw: ServerResponse };
            answerForeign('plugin', { headers: {} } as IncomingMessage, raw);
          },
        };
        scope.route(route);
      },
      { prefix: '/plugin' },
    );
  } else {
    app.use('/plugin', all('plugin'));
  }
}

function applicationOf(options: CorsModuleOptions): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)] })
  class Root {}
  return Root;
}

const DISABLED = [
  { path: '/svc', policy: false },
  { path: '/plugin', policy: false },
] as const;

/** At least one reader assigns each target to a disabled path. */
const TARGETS = [
  '/svc/a',
  '/svc/a%2Fb',
  '/svc%2Fa',
  '/svc/a%5Cb',
  '/svc%5ca',
  '/svc\\a',
  '/svc/%2e',
  '/svc/%2e%2e/svc/a',
  '/docs/%2e%2e/svc/a',
  '/docs/%252e%252e/svc/x',
  '/docs/%25252e%25252e/svc/x',
  '/docs/..%2fsvc/x',
  '/docs/..%5csvc/x',
  '/docs/../svc/x',
  '/docs/x%2Fy/%252e%252e/%252e%252e/svc/x',
  '/x%2fy/%252e%252e/svc/x',
  '/./svc/x',
  '/svc/100%',
  '/svc/%zz',
  '/svc/%FF',
  '/svc/%C3%28',
  '/SVC/a',
  '/Svc',
  '/%73vc/a',
  '/%2573vc/a',
  '/%53VC/a',
  '//svc/a',
  '/.//svc/a',
  '//host/svc/a',
  '/\\host/svc/a',
  'http://other.test/svc/a',
  'http://other.test/docs/../SVC/a',
  '/svc/a;b',
  '/svc/a?x=%2e%2e/../..',
  '/svc?x',
  '/svc%3Fx',
  '/svc%23x',
  '/svc/%00',
  '/plugin/a',
  '/plugin/a%2Fb',
  '/%70lugin/a',
  '/PLUGIN/a',
  '//plugin/a',
  '/plugin/../plugin/a',
];

const SETTINGS: readonly [string, StartOptions][] = [
  ['', {}],
  [', with the semicolon as a delimiter', { adapter: { routerOptions: { useSemicolonDelimiter: true } } }],
  [', without case', { adapter: { routerOptions: { caseSensitive: false, ignoreDuplicateSlashes: true } } }],
];

for (const [setting, options] of SETTINGS) {
  describePlatforms(`a disabled path with several readings${setting}`, (platform) => {
    const configure = (app: INestApplication) => serveForeign(platform, app);
    const servers = {
      'an application without an origin': serve(platform, applicationOf({ paths: DISABLED }), spy, {
        ...options,
        configure,
      }),
      'an application for one origin': serve(platform, applicationOf({ origin: [APP], paths: DISABLED }), spy, {
        ...options,
        configure,
      }),
      'an application for all origins': serve(platform, applicationOf({ origin: '*', paths: DISABLED }), spy, {
        ...options,
        configure,
      }),
      'an application with an open path': serve(
        platform,
        applicationOf({ origin: '*', paths: [...DISABLED, { path: '/docs', policy: { origin: [EVIL] } }] }),
        spy,
        { ...options, configure },
      ),
    };

    it.each(Object.entries(servers))('is disabled in %s, whichever server reads it', async (_, server) => {
      const wrong: unknown[] = [];
      const delimited = setting.includes('semicolon') && platform.name === 'fastify';
      for (const path of delimited ? [...TARGETS, '/plugin;x', '/SVC;x', '/svc;/../x'] : TARGETS) {
        for (const origin of [EVIL, APP]) {
          for (const method of ['GET', 'DELETE']) {
            const actual = await server.outcome({ method, path, headers: { Origin: origin } });
            const asked = await server.outcome(preflight(origin, method, path));
            const foreign = Object.keys({ ...actual.headers, ...asked.headers }).filter((name) => name !== 'vary');
            if (foreign.length > 0 || asked.status !== 403 || asked.ran.length > 0) {
              wrong.push({ path, origin, method, actual, asked });
            }
          }
        }
      }
      expect(wrong).toEqual([]);
    });

    it('is served by at least one server, so the test is meaningful', async () => {
      // The platform itself rejects some targets.
      const served: string[] = [];
      for (const path of TARGETS) {
        served.push(...(await servers['an application for one origin'].outcome({ path })).ran);
      }
      expect(served.length).toBeGreaterThan(TARGETS.length / 2);
      expect(new Set(served)).toEqual(new Set(['mounted', 'lenient', 'once', 'plugin']));
    });
  });
}

const READABLE = applicationOf({
  origin: [APP],
  policies: { partners: { origin: [PARTNER], allowedHeaders: ['x-a'] }, all: { origin: [ADMIN], enforce: 'all' } },
  paths: [
    { path: '/registry', policy: 'partners' },
    { path: '/registry/same', policy: 'partners' },
    { path: '/all', policy: 'all' },
    { path: '/unsafe', policy: { enforce: 'unsafe-methods' } },
    { path: '/proxy', policy: 'untouched' },
    { path: '/proxy/deep', policy: 'untouched' },
  ],
});

describePlatforms('a path with matching readings', (platform) => {
  const server = serve(platform, READABLE, spy, {
    configure: (app) => {
      app.use('/proxy', (request: IncomingMessage, response: ServerResponse) =>
        answerForeign('proxy', request, response),
      );
    },
  });

  it.each([
    '/registry/@scope%2fname',
    '/registry/@scope%2Fname/-/name-1.0.0.tgz',
    '/registry/a%5Cb',
    '/registry/./x',
    '/registry/x/../y',
    '/registry/x%2f..%2fy',
    '/registry//x',
    '/registry/%252e',
    '/registry/Same',
    '/registry/%73ame',
    '/registry/%E2%82%AC',
    '/registry/x?y=/../..',
  ])('applies the policy of both readings to %s', async (path) => {
    const statement = {
      method: 'PUT',
      path,
      handler: undefined,
      allows: PARTNER,
      refuses: APP,
      status: 404,
      asks: 'x-a',
    };
    await expectPolicy(server, statement);
  });

  it.each(['/elsewhere/a%2Fb', '/elsewhere/../x', '/x/%252e%252e/y', '/ELSEWHERE', '//host/x', '/x%2f..%2f..'])(
    'applies the application-wide policy to %s, because no entry matches',
    async (path) => {
      await expectPolicy(server, {
        method: 'PUT',
        path,
        handler: undefined,
        allows: APP,
        refuses: PARTNER,
        status: 404,
      });
    },
  );

  it.each(['/proxy/a%2fb', '/proxy/DEEP/x', '/proxy/deep%2fx'])('is untouched: %s', async (path) => {
    for (const request of [{ path, headers: { Origin: EVIL } }, preflight(EVIL, 'PUT', path)]) {
      expect(await server.outcome(request)).toMatchObject({
        status: 200,
        headers: { 'access-control-allow-origin': EVIL },
        ran: ['proxy'],
      });
    }
  });

  it.each(['/proxy/../x', '/proxy/..%2fx', '/proxy/deep/../x', '/proxy/x/../../proxy/x'])(
    'is not untouched if .. leads out of the entry: %s',
    async (path) => {
      const { headers } = await server.outcome({ path, headers: { Origin: EVIL } });
      expect(headers).toEqual({});
      expect(await server.outcome(preflight(EVIL, 'PUT', path))).toEqual(REFUSED_PREFLIGHT);
    },
  );

  it.each([
    ['/all/../x', 'GET', 403],
    ['/x/..%2fall', 'GET', 403],
    ['/unsafe/../all', 'GET', 403],
    ['/unsafe/../x', 'POST', 403],
    ['/%75nsafe/x', 'POST', 403],
    ['/unsafe/../x', 'GET', 404],
    ['/registry/../x', 'POST', 404],
  ])('enforces the strictest reading of %s for %s', async (path, method, status) => {
    for (const origin of [ADMIN, APP, EVIL]) {
      const outcome = await server.outcome({ method, path, headers: { Origin: origin } });
      expect(outcome.status).toBe(platform.name === 'fastify' && outcome.status === 400 ? 400 : status);
      expect(outcome.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await server.outcome({ method, path })).status).toBe(404);
  });
});

describePlatforms('a path with different readings', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, READABLE, spy, { application: { logger: log } });

  it('is logged as path-ambiguous', async () => {
    log.warnings.length = 0;
    await server.outcome(preflight(APP, 'PUT', '/x/..%2fall?secret'));
    await server.outcome({ path: '/registry/..%2fx', headers: { Origin: APP } });
    expect(log.warnings).toEqual([
      expect.stringMatching(
        /^path-ambiguous: preflight for "PUT" "\/x\/\.\.%2fall" from .* \(paths\): The path can also be read as another path/,
      ),
      expect.stringMatching(/^path-ambiguous: "GET" "\/registry\/\.\.%2fx" from/),
    ]);
  });
});
