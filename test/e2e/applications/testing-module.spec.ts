import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Put } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import supertest from 'supertest';
import { pickCorsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP, PREFLIGHT_VARY } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('r')
class ResourceController {
  @Cors({ origin: [ADMIN] }) @Put() replace() {
    return spy.ran('replace');
  }
  @DisableCors() @Get('off') off() {
    return spy.ran('off');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP], credentials: true })], controllers: [ResourceController] })
class ResourceModule {}

type Sent = { method: 'OPTIONS' | 'PUT' | 'GET'; path: string; headers: Record<string, string> };
type Received = { status: number; headers: Record<string, unknown> };
type Client = (app: INestApplication, sent: Sent) => Promise<Received>;

const corsOf = (headers: Record<string, unknown>) =>
  pickCorsHeaders(Object.entries(headers).map(([name, value]) => [name, String(value)] as const));

const withSupertest: Client = async (app, { method, path, headers }) => {
  const agent = supertest(app.getHttpServer());
  const response = await agent[method.toLowerCase() as 'options' | 'put' | 'get'](path).set(headers);
  return { status: response.status, headers: corsOf(response.headers) };
};

const withInject: Client = async (app, { method, path, headers }) => {
  const response = await (app as NestFastifyApplication).inject({ method, url: path, headers });
  return { status: response.statusCode, headers: corsOf(response.headers) };
};

describePlatforms('a testing module that does not listen', (platform) => {
  let app: INestApplication;
  beforeAll(async () => {
    const testing = await Test.createTestingModule({ imports: [ResourceModule] }).compile();
    app = testing.createNestApplication(platform.createAdapter(), { logger: false });
    await app.init();
    if (platform.name === 'fastify') {
      await app.getHttpAdapter().getInstance().ready();
    }
  });
  afterAll(() => app.close());

  const clients: [string, Client][] = [['supertest', withSupertest]];
  if (platform.name === 'fastify') {
    clients.push(['inject', withInject]);
  }

  it.each(clients)('sends %s the same response as a browser', async (_name, send) => {
    const asked = { 'Access-Control-Request-Method': 'PUT' };
    const granted = { 'access-control-allow-origin': ADMIN, 'access-control-allow-credentials': 'true' };
    const outcomes = [
      await send(app, { method: 'OPTIONS', path: '/r', headers: { Origin: ADMIN, ...asked } }),
      await send(app, { method: 'OPTIONS', path: '/r', headers: { Origin: APP, ...asked } }),
      await send(app, { method: 'PUT', path: '/r', headers: { Origin: ADMIN } }),
      await send(app, { method: 'PUT', path: '/r', headers: { Origin: APP } }),
      await send(app, { method: 'GET', path: '/r/off', headers: { Origin: APP } }),
      await send(app, { method: 'GET', path: '/none', headers: { Origin: APP } }),
    ];
    expect(outcomes).toEqual([
      { status: 204, headers: { ...granted, 'access-control-allow-methods': 'PUT', vary: PREFLIGHT_VARY } },
      { status: 403, headers: { vary: PREFLIGHT_VARY } },
      { status: 200, headers: { ...granted, vary: 'Origin' } },
      { status: 200, headers: { vary: 'Origin' } },
      { status: 200, headers: {} },
      { status: 404, headers: { ...granted, 'access-control-allow-origin': APP, vary: 'Origin' } },
    ]);
    expect(spy.take()).toEqual(['replace', 'replace', 'off']);
  });
});

describePlatforms('a testing module that is only compiled', () => {
  it('needs no HTTP adapter', async () => {
    const testing = await Test.createTestingModule({ imports: [ResourceModule] }).compile();
    expect(testing.get(ResourceController)).toBeInstanceOf(ResourceController);
    await testing.close();
  });
});
