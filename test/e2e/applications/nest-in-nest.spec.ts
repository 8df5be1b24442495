import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { All, Controller, Get, type INestApplication, Module, Put, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import {
  observe,
  PLATFORMS,
  type Platform,
  type RootModule,
  type RunningApp,
  startApp,
} from '../../support/platforms.js';
import {
  ADMIN,
  APP,
  EVIL,
  expectDisabled,
  expectPolicy,
  PARTNER,
  preflight,
  REFUSED_PREFLIGHT,
} from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

type Listener = (request: object, response: object, next?: (error?: unknown) => void) => void;
type Configure = (app: INestApplication) => void;
interface Inside {
  readonly app: INestApplication;
  readonly listener: Listener;
}

async function startInside(platform: Platform, module: RootModule, configure?: Configure): Promise<Inside> {
  const app = await NestFactory.create(module, platform.createAdapter(), { logger: false, abortOnError: false });
  configure?.(app);
  await app.init();
  const instance = app.getHttpAdapter().getInstance();
  await instance.ready?.();
  // An Express application is a listener; Fastify has its routing function.
  return { app, listener: platform.name === 'express' ? instance : (q, s) => instance.routing(q, s) };
}

@Controller()
class InsideController {
  @Get('open') open() {
    return spy.ran('inside.open');
  }
  @Put('open') replace() {
    return spy.ran('inside.replace');
  }
  @DisableCors() @Get('disabled') disabled() {
    return spy.ran('inside.disabled');
  }
  @Cors({ enforce: 'all' }) @Get('enforced') enforced() {
    return spy.ran('inside.enforced');
  }
  @Cors('untouched') @Get('untouched') untouched() {
    return spy.ran('inside.untouched');
  }
  @Get('error') fail(): never {
    spy.ran('inside.error');
    throw new Error('broken');
  }
}

function moduleOf(options: CorsModuleOptions, controllers: RootModule[]): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)], controllers })
  class SomeModule {}
  return SomeModule;
}

const INSIDE: CorsModuleOptions = {
  origin: [PARTNER],
  exposedHeaders: ['x-inside'],
  paths: [{ path: '/files', policy: { enforce: 'all' } }],
};
const insideModule = () => moduleOf(INSIDE, [InsideController]);
const OPEN = { 'access-control-allow-origin': PARTNER, 'access-control-expose-headers': 'x-inside', vary: 'Origin' };
const BARE = { vary: 'Origin' };

@Controller('own')
class OutsideController {
  @Get() own() {
    return spy.ran('own');
  }
}

/** An application inside each platform: Fastify accepts an Express application as middleware, and Express a Fastify one. */
const PAIRS = PLATFORMS.flatMap((outside) =>
  PLATFORMS.map((inside) => [outside.name, inside.name, outside, inside] as const),
);

describe('an Express application with CorsModule inside another one', () => {
  const [express] = PLATFORMS as [Platform];
  const log = new RecordedLog();
  let running: RunningApp;
  let inside: Inside;
  const server = observe(() => running, spy);
  const start = async (options: CorsModuleOptions, controllers: RootModule[], mount: Configure) => {
    log.warnings.length = 0;
    inside = await startInside(express, insideModule(), (app) =>
      app.use((request: { headers: object }, _response: object, next: (error?: unknown) => void) =>
        next('x-pass' in request.headers ? 'router' : undefined),
      ),
    );
    running = await startApp(express, moduleOf(options, controllers), {
      application: { logger: log },
      configure: mount,
    });
  };
  afterEach(async () => {
    await running.close();
    await inside.app.close();
  });
  const get = (path: string, headers: Record<string, string>) => server.outcome({ path, headers });
  const named = () => log.warnings.filter((line) => line.startsWith('Another application'));

  it('leaves a request to the outer application after calling next()', async () => {
    await start({ origin: [APP] }, [OutsideController], (app) => app.use(inside.listener));
    const passed = { 'x-pass': '1' };
    const open = { 'access-control-allow-origin': APP, vary: 'Origin' };
    expect(await get('/own', { ...passed, Origin: APP })).toEqual({ status: 200, headers: open, ran: ['own'] });
    expect(await get('/own', { ...passed, Origin: PARTNER })).toEqual({ status: 200, headers: BARE, ran: ['own'] });
    expect(named()).toEqual([]);
    expect(await get('/own', { Origin: PARTNER })).toEqual({ status: 404, headers: OPEN, ran: [] });
    expect(named()).toEqual([expect.stringContaining("paths: [{ path: '/', policy: 'untouched' }]")]);
  });

  it('is reported with the path it is mounted on', async () => {
    await start({ origin: [APP] }, [], (app) => {
      app.use('/a', inside.listener);
      app.use('/b/c', inside.listener);
    });
    for (const path of ['/a/open?x=/open', '/a/open', '/a', '/b/c/open', '/b/c?x', '/B/C/open']) {
      await get(path, { Origin: PARTNER });
    }
    expect(named().map((line) => /path: '(.*?)'/.exec(line)?.[1])).toEqual(['/a', '/b/c', '/B/C']);
  });

  it('decides the CORS headers if a handler calls it, and the log names that handler', async () => {
    @Controller('proxy')
    class ProxyController {
      @All('*path') call(@Req() request: { url: string }, @Res() response: object) {
        request.url = request.url.slice('/proxy'.length);
        inside.listener(request, response);
      }
    }
    await start({ origin: [APP] }, [ProxyController], () => undefined);
    const ran = ['inside.open'];
    expect(await get('/proxy/open', { Origin: PARTNER })).toEqual({ status: 200, headers: OPEN, ran });
    expect(await get('/proxy/open', { Origin: APP })).toEqual({ status: 200, headers: BARE, ran });
    expect(named()).toEqual([expect.stringMatching(/ @Cors\('untouched'\) on ProxyController\.call\.$/)]);
  });

  it('decides the CORS headers if it is inside two other applications', async () => {
    let middle: Inside | undefined;
    await start({ origin: [APP] }, [], (app) => {
      app.use('/middle', (request: object, response: object) => middle?.listener(request, response));
    });
    middle = await startInside(express, moduleOf({ origin: [ADMIN] }, [OutsideController]), (app) =>
      app.use('/deep', inside.listener),
    );
    try {
      const ran = ['inside.open'];
      expect(await get('/middle/deep/open', { Origin: PARTNER })).toEqual({ status: 200, headers: OPEN, ran });
      for (const Origin of [APP, ADMIN]) {
        expect(await get('/middle/deep/open', { Origin })).toEqual({ status: 200, headers: BARE, ran });
      }
      // The policy of the middle application, because the inner one leaves this route untouched.
      expect((await get('/middle/deep/untouched', { Origin: ADMIN })).headers).toEqual({
        'access-control-allow-origin': ADMIN,
        vary: 'Origin',
      });
    } finally {
      await middle.app.close();
    }
  });
});

describe.each(PAIRS)(
  'an application with CorsModule inside another one (outer %s, inner %s)',
  (_o, _i, outsideOn, insideOn) => {
    let running: RunningApp;
    let inside: Inside;
    const log = new RecordedLog();
    const server = observe(() => running, spy);

    const start = (options: CorsModuleOptions, configure?: Configure) => {
      beforeAll(async () => {
        log.warnings.length = 0;
        inside = await startInside(insideOn, insideModule());
        running = await startApp(outsideOn, moduleOf(options, [OutsideController]), {
          application: { logger: log },
          configure: (app) => {
            configure?.(app);
            app.use('/inner', inside.listener);
          },
        });
      });
      afterAll(async () => {
        await running?.close();
        await inside?.app.close();
      });
    };
    const get = (path: string, Origin?: string) => server.outcome({ path, headers: { Origin } });

    describe('mounted below an untouched path', () => {
      start({ origin: [APP], credentials: true, paths: [{ path: '/inner', policy: 'untouched' }] });

      it('applies its own policies to preflights and actual requests', async () => {
        const both = { path: '/inner/open', allows: PARTNER, refuses: APP, exposes: 'x-inside' };
        await expectPolicy(server, { ...both, method: 'GET', handler: 'inside.open' });
        await expectPolicy(server, { ...both, method: 'PUT', handler: 'inside.replace' });
        const disabled = { method: 'GET', path: '/inner/disabled', handler: 'inside.disabled' };
        await expectDisabled(server, { ...disabled, origin: PARTNER });
        await expectDisabled(server, { ...disabled, origin: APP });
      });

      it('enforces its own policies', async () => {
        expect(await get('/inner/enforced', PARTNER)).toEqual({ status: 200, headers: OPEN, ran: ['inside.enforced'] });
        expect(await get('/inner/enforced', APP)).toEqual({ status: 403, headers: BARE, ran: [] });
        expect(await get('/inner/files/a', APP)).toEqual({ status: 403, headers: BARE, ran: [] });
        expect(await get('/inner/files/a', PARTNER)).toEqual({ status: 404, headers: OPEN, ran: [] });
      });

      it('applies its own policies to errors and to paths without a handler', async () => {
        expect(await get('/inner/error', PARTNER)).toEqual({ status: 500, headers: OPEN, ran: ['inside.error'] });
        expect(await get('/inner/error', APP)).toEqual({ status: 500, headers: BARE, ran: ['inside.error'] });
        expect(await get('/inner/nothing', PARTNER)).toEqual({ status: 404, headers: OPEN, ran: [] });
      });

      it('sends no CORS headers on its untouched routes', async () => {
        for (const origin of [APP, PARTNER]) {
          expect(await get('/inner/untouched', origin)).toEqual({
            status: 200,
            headers: {},
            ran: ['inside.untouched'],
          });
        }
      });

      it('causes no warning and does not change the policies of other routes', async () => {
        await expectPolicy(server, {
          method: 'GET',
          path: '/own',
          handler: 'own',
          allows: APP,
          refuses: PARTNER,
          credentials: true,
        });
        expect(log.warnings.filter((line) => line.startsWith('Another application'))).toEqual([]);
      });
    });

    describe('mounted below any other path', () => {
      start({ origin: [APP], credentials: true });

      it('applies its policies to actual requests, but not to preflights', async () => {
        for (const path of ['/inner/open', '/inner/nothing', '/inner/error', '/inner/disabled']) {
          const allowed = await server.outcome(preflight(APP, 'GET', path));
          expect(allowed.headers).toMatchObject({ 'access-control-allow-origin': APP });
          expect(await server.outcome(preflight(PARTNER, 'GET', path))).toEqual(REFUSED_PREFLIGHT);
        }
        expect(await get('/inner/open', PARTNER)).toEqual({ status: 200, headers: OPEN, ran: ['inside.open'] });
        expect(await get('/inner/open', APP)).toEqual({ status: 200, headers: BARE, ran: ['inside.open'] });
        expect(await get('/inner/open')).toEqual({ status: 200, headers: BARE, ran: ['inside.open'] });
        for (const origin of [APP, PARTNER]) {
          const disabled = { status: 200, headers: {}, ran: ['inside.disabled'] };
          expect(await get('/inner/disabled', origin)).toEqual(disabled);
        }
        expect(await get('/inner/error', PARTNER)).toEqual({ status: 500, headers: OPEN, ran: ['inside.error'] });
        expect(await get('/inner/nothing', PARTNER)).toEqual({ status: 404, headers: OPEN, ran: [] });
        expect(await get('/inner/nothing', APP)).toEqual({ status: 404, headers: BARE, ran: [] });
      });

      it('enforces its own policies', async () => {
        expect(await get('/inner/enforced', APP)).toEqual({ status: 403, headers: BARE, ran: [] });
        expect(await get('/inner/enforced', PARTNER)).toEqual({ status: 200, headers: OPEN, ran: ['inside.enforced'] });
        expect(await get('/inner/files/a', APP)).toEqual({ status: 403, headers: BARE, ran: [] });
      });

      it('gets the policy of the outer application on its untouched routes', async () => {
        expect(await get('/inner/untouched', APP)).toEqual({
          status: 200,
          headers: { 'access-control-allow-origin': APP, 'access-control-allow-credentials': 'true', vary: 'Origin' },
          ran: ['inside.untouched'],
        });
        expect(await get('/inner/untouched', PARTNER)).toEqual({
          status: 200,
          headers: BARE,
          ran: ['inside.untouched'],
        });
      });

      it('is reported once, with the fix', () => {
        expect(log.warnings.filter((line) => line.includes("policy: 'untouched'"))).toEqual([
          'Another application with CorsModule answers below "/inner". Its CORS headers stay on its responses, but the ' +
            'policy of this application answers their preflights. Leave both to the other application: ' +
            "CorsModule.forRoot({ paths: [{ path: '/inner', policy: 'untouched' }] }).",
        ]);
      });
    });

    describe('mounted below a path that the outer application enforces', () => {
      start({ origin: [APP], paths: [{ path: '/inner', policy: { origin: [ADMIN, PARTNER], enforce: 'all' } }] });

      it('serves only requests that both applications allow', async () => {
        expect(await get('/inner/open', PARTNER)).toEqual({ status: 200, headers: OPEN, ran: ['inside.open'] });
        expect(await get('/inner/open', ADMIN)).toEqual({ status: 200, headers: BARE, ran: ['inside.open'] });
        expect(await get('/inner/open', EVIL)).toEqual({ status: 403, headers: BARE, ran: [] });
        expect(await get('/inner/enforced', ADMIN)).toEqual({ status: 403, headers: BARE, ran: [] });
        // The outer application sets Vary, because its response depends on the Origin.
        expect(await get('/inner/disabled', PARTNER)).toEqual({ status: 200, headers: BARE, ran: ['inside.disabled'] });
      });
    });
  },
);
