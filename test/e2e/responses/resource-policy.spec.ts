import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import fastifyHelmet from '@fastify/helmet';
import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Header,
  HttpCode,
  HttpException,
  type INestApplication,
  Module,
  Res,
  StreamableFile,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet from 'helmet';
import { Cors, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { type CorsHeaders, corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Platform, type ServedApp, serve } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight } from '../../support/policy-statement.js';
import { headerValues } from '../../support/requests/http-message.js';
import type { RawRequest } from '../../support/requests/raw-request.js';

const spy = new HandlerSpy();
const NAME = 'cross-origin-resource-policy';

class Responses {
  @Get('text') text() {
    return 'text';
  }
  @Get('header') @Header('Cross-Origin-Resource-Policy', 'same-site') header() {
    return 'header';
  }
  @Get('throws') throws() {
    throw new Error('a secret');
  }
  @Get('teapot') teapot() {
    throw new HttpException('a teapot', 418);
  }
  @Get('stream') stream() {
    return new StreamableFile(Readable.from(['a', 'b']));
  }
  @Get('not-modified') @HttpCode(304) notModified() {}
  @Get('early-head') earlyHead(@Res() response: unknown) {
    const raw = ((response as { raw?: unknown }).raw ?? response) as ServerResponse;
    raw.writeHead(200, { 'CROSS-ORIGIN-RESOURCE-POLICY': 'same-origin', Vary: 'Accept' });
    raw.write('a');
    raw.end('b');
  }
  @Get('list-head') listHead(@Res() response: unknown) {
    const raw = ((response as { raw?: unknown }).raw ?? response) as ServerResponse;
    raw.writeHead(200, ['Cross-Origin-Resource-Policy', 'same-origin', 'X-A', '1']).end('a');
  }
}

@Controller('listed')
class ListedController extends Responses {}

@Cors({ origin: '*', credentials: false })
@Controller('public')
class PublicController extends Responses {}

@Cors({ resourcePolicy: 'same-site' })
@Controller('own')
class OwnController {
  @Get('class') class() {
    return 'class';
  }
  @Get('handler') @Cors({ resourcePolicy: 'same-origin' }) handler() {
    return 'handler';
  }
  @Get('named') @Cors('partners') named() {
    return 'named';
  }
  @Get('named-own') @Cors('named-own') namedOwn() {
    return 'named-own';
  }
}

@DisableCors()
@Controller('disabled')
class DisabledController extends Responses {}

@Cors('untouched')
@Controller('untouched')
class UntouchedController extends Responses {}

const CONTROLLERS = [ListedController, PublicController, OwnController, DisabledController, UntouchedController];

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      credentials: true,
      resourcePolicy: 'cross-origin',
      diagnostics: { explainToClient: false },
      policies: { partners: { origin: [APP] }, 'named-own': { origin: [APP], resourcePolicy: 'same-site' } },
      paths: [
        { path: '/assets', policy: { resourcePolicy: 'same-site' } },
        { path: '/shut', policy: { enforce: 'all' } },
        { path: '/left', policy: 'untouched' },
      ],
    }),
  ],
  controllers: CONTROLLERS,
})
class SettingModule {}

@Module({
  imports: [
    CorsModule.forRoot({ origin: [APP], policies: { partners: { origin: [APP] }, 'named-own': { origin: [APP] } } }),
  ],
  controllers: [ListedController, PublicController, DisabledController, UntouchedController],
})
class SilentModule {}

type Configure = (app: INestApplication) => unknown;

/** Code that sets `Cross-Origin-Resource-Policy: same-origin` on every response, by platform. */
const NEIGHBOURS: Record<string, Readonly<Record<Platform['name'], Configure>>> = {
  'no other code': { express() {}, fastify() {} },
  helmet: {
    express: (app) => (app as NestExpressApplication).use(helmet()),
    fastify: (app) => (app as NestFastifyApplication).register(fastifyHelmet as never),
  },
  useSecurityHeaders: {
    express: (app) => app.useSecurityHeaders(),
    fastify: (app) => app.useSecurityHeaders(),
  },
};

const KINDS: Readonly<Record<string, { readonly status: number; readonly vary?: string }>> = {
  text: { status: 200 },
  header: { status: 200 },
  throws: { status: 500 },
  teapot: { status: 418 },
  stream: { status: 200 },
  'not-modified': { status: 304 },
  'early-head': { status: 200, vary: 'Accept' },
  'list-head': { status: 200 },
};

const SENT = { [NAME]: 'cross-origin' };
const ALLOWED = { 'access-control-allow-origin': APP, 'access-control-allow-credentials': 'true' };

describePlatforms('resourcePolicy', (platform) => {
  describe.each(Object.entries(NEIGHBOURS))('beside %s', (neighbour, configure) => {
    const server = serve(platform, SettingModule, spy, { configure: configure[platform.name] });
    const get = (path: string, origin?: string, method = 'GET') =>
      answer(server, { method, path, headers: { Origin: origin } });

    it.each(Object.entries(KINDS))('is on every actual answer of an open route: %s', async (name, { status, vary }) => {
      const varies = vary === undefined ? 'Origin' : `${vary}, Origin`;
      expect(await get(`/listed/${name}`, APP)).toEqual([status, { ...ALLOWED, ...SENT, vary: varies }]);
      expect(await get(`/listed/${name}`, EVIL)).toEqual([status, { ...SENT, vary: varies }]);
      expect(await get(`/listed/${name}`)).toEqual([status, { ...SENT, vary: varies }]);
      const open = { 'access-control-allow-origin': '*', ...SENT, ...(vary !== undefined && { vary }) };
      expect(await get(`/public/${name}`, EVIL)).toEqual([status, open]);
      expect(await get(`/public/${name}`)).toEqual([status, open]);
    });

    it('is on answers to HEAD, on a 404 and on the static answer of a path', async () => {
      expect(await get('/listed/text', undefined, 'HEAD')).toEqual([200, { ...SENT, vary: 'Origin' }]);
      expect(await get('/nowhere', APP)).toEqual([404, { ...ALLOWED, ...SENT, vary: 'Origin' }]);
      expect(await get('/nowhere')).toEqual([404, { ...SENT, vary: 'Origin' }]);
      expect(await get('/assets/a.png')).toEqual([404, { [NAME]: 'same-site', vary: 'Origin' }]);
    });

    it('is on answers to preflights, allowed and refused', async () => {
      const allowed = { ...ALLOWED, 'access-control-allow-methods': 'GET', ...SENT, vary: PREFLIGHT_VARY };
      expect(await answer(server, preflight(APP, 'GET', '/listed/text'))).toEqual([204, allowed]);
      const refused = { ...SENT, vary: PREFLIGHT_VARY };
      expect(await answer(server, preflight(EVIL, 'GET', '/listed/text'))).toEqual([403, refused]);
      expect(await answer(server, preflight(APP, 'GET', '/listed/text', 'x-a'))).toEqual([403, refused]);
    });

    it('is on the 403 of an enforced path', async () => {
      const response = await server.request({ path: '/shut', headers: { Origin: EVIL } });
      expect([response.status, corsHeaders(response)]).toEqual([403, { ...SENT, vary: 'Origin' }]);
      expect(headerValues(response, 'cache-control')).toEqual(['no-store']);
    });

    it('is merged like every option: the nearest level wins, and a named policy restarts', async () => {
      const kept: CorsHeaders = neighbour === 'no other code' ? {} : { [NAME]: 'same-origin' };
      expect(await get('/own/class')).toEqual([200, { [NAME]: 'same-site', vary: 'Origin' }]);
      expect(await get('/own/handler')).toEqual([200, { [NAME]: 'same-origin', vary: 'Origin' }]);
      expect(await get('/own/named-own')).toEqual([200, { [NAME]: 'same-site', vary: 'Origin' }]);
      expect(await get('/own/named')).toEqual([200, { ...kept, vary: 'Origin' }]);
    });

    it.each(['disabled', 'untouched'])('adds and removes nothing on %s routes', async (state) => {
      const kept: CorsHeaders = neighbour === 'no other code' ? {} : { [NAME]: 'same-origin' };
      expect(await get(`/${state}/text`, EVIL)).toEqual([200, kept]);
      expect(await get(`/${state}/header`)).toEqual([200, { [NAME]: 'same-site' }]);
      expect(await get(`/${state}/early-head`)).toEqual([200, { [NAME]: 'same-origin', vary: 'Accept' }]);
      expect(await get('/left/a.png')).toEqual([404, kept]);
    });
  });
});

describePlatforms('resourcePolicy beside helmet, in the tools', (platform) => {
  const server = serve(platform, SettingModule, spy, { configure: NEIGHBOURS.helmet?.[platform.name] });

  it('decides what a page of openPage() embeds', async () => {
    const page = openPage(server.running.app, EVIL);
    const embed = (path: string) => page.fetch(path, { mode: 'no-cors' });
    expect((await embed('/listed/text')).type).toBe('opaque');
    expect((await embed('/public/throws')).type).toBe('opaque');
    for (const path of ['/own/handler', '/own/named', '/disabled/text', '/untouched/text']) {
      await expect(embed(path)).rejects.toMatchObject({ cors: { step: 'response', code: undefined } });
    }
    expect(await (await page.fetch('/public/text')).text()).toBe('text');
  });

  it('is in explanations', async () => {
    const cors = server.running.app.get(CorsService);
    const request = { method: 'PUT', url: '/listed/text', origin: EVIL };
    const { preflight: answered, response, sources } = await cors.explain(request);
    expect(response.headers).toEqual({ ...SENT, vary: 'Origin' });
    expect(answered.headers).toEqual({ ...SENT, vary: PREFLIGHT_VARY, 'content-length': '0' });
    expect(sources.resourcePolicy).toBe('CorsModule');
  });

  it('is in the list of routes, of open routes only', () => {
    const cors = server.running.app.get(CorsService);
    const routes = cors
      .routes()
      .map(({ path, policy, sources }) => [path, policy.resourcePolicy, sources.resourcePolicy]);
    expect(routes).toContainEqual(['/listed/text', 'cross-origin', 'CorsModule']);
    expect(routes).toContainEqual(['/own/handler', 'same-origin', 'OwnController.handler']);
    expect(routes).toContainEqual(['/own/named', undefined, 'default']);
    expect(routes).toContainEqual(['/disabled/text', undefined, 'DisabledController']);
    expect(routes).toContainEqual(['/untouched/text', undefined, 'UntouchedController']);
    expect(cors.describe('snapshot')).toContain(`GET /own/named-own - open to ${APP}; resource policy same-site\n`);
  });
});

@Module({ imports: [CorsModule.forRoot({ resourcePolicy: 'same-site' })], controllers: [ListedController] })
class ClosedModule {}

describePlatforms('resourcePolicy without an origin', (platform) => {
  const server = serve(platform, ClosedModule, spy);

  it('is neither sent nor listed', async () => {
    expect(await answer(server, { path: '/listed/text', headers: { Origin: APP } })).toEqual([200, {}]);
    const [route] = server.running.app.get(CorsService).routes();
    expect(route?.policy.resourcePolicy).toBeUndefined();
  });
});

describePlatforms('without resourcePolicy', (platform) => {
  describe.each(Object.entries(NEIGHBOURS))('beside %s', (neighbour, configure) => {
    const server = serve(platform, SilentModule, spy, { configure: configure[platform.name] });
    const kept: CorsHeaders = neighbour === 'no other code' ? {} : { [NAME]: 'same-origin' };

    it('nothing is added or removed', async () => {
      const get = (path: string) => answer(server, { path, headers: { Origin: APP } });
      const allowed = { 'access-control-allow-origin': APP, vary: 'Origin' };
      expect(await get('/listed/text')).toEqual([200, { ...allowed, ...kept }]);
      expect(await get('/listed/header')).toEqual([200, { ...allowed, [NAME]: 'same-site' }]);
      expect(await get('/listed/throws')).toEqual([500, { ...allowed, ...kept }]);
      expect(await get('/public/text')).toEqual([200, { 'access-control-allow-origin': '*', ...kept }]);
      expect(await get('/nowhere')).toEqual([404, { ...allowed, ...kept }]);
    });
  });
});

async function answer(server: ServedApp, request: RawRequest): Promise<[number, CorsHeaders]> {
  const response = await server.request(request);
  return [response.status, corsHeaders(response)];
}
