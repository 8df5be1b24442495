import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { CorsModule } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { describePlatforms, type Platform } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { selfSignedCertificate } from '../../../support/self-signed.js';

const spy = new HandlerSpy();
const certificate = selfSignedCertificate();

@Controller('orders')
class OrdersController {
  @Get() list() {
    return spy.ran('list');
  }
  @Put(':id') replace() {
    return spy.ran('replace');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [OrdersController] })
class OrdersModule {}

type Maker = (platform: Platform) => Promise<INestApplication>;

const fromFactory: Maker = (platform) =>
  NestFactory.create(OrdersModule, platform.createAdapter(), { logger: false, abortOnError: false });

const fromTestingModule: Maker = async (platform) => {
  const testing = await Test.createTestingModule({ imports: [OrdersModule] }).compile();
  return testing.createNestApplication(platform.createAdapter(), { logger: false });
};

const overTls: Maker = (platform) =>
  NestFactory.create(OrdersModule, platform.createAdapter({ https: certificate }), {
    logger: false,
    abortOnError: false,
    httpsOptions: certificate,
  });

/** Requests the application from an allowed origin and from another one. */
async function expectServed(app: INestApplication | string): Promise<void> {
  spy.take();
  const page = openPage(app, APP);
  const response = await page.fetch('/orders/7', { method: 'PUT' });
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: 'replace' });
  expect(page.exchanges.map(({ method, status }) => [method, status])).toEqual([
    ['OPTIONS', 204],
    ['PUT', 200],
  ]);
  await expect(openPage(app, EVIL).fetch('/orders')).rejects.toMatchObject({
    cors: { code: 'MissingAllowOriginHeader', step: 'response' },
  });
  expect(spy.take()).toEqual(['replace', 'list']);
}

describePlatforms('a page of an application', (platform) => {
  let app: INestApplication | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  describe.each<[string, Maker]>([
    ['NestFactory', fromFactory],
    ['a testing module', fromTestingModule],
  ])('made by %s', (_name, make) => {
    it('works before the application is initialised', async () => {
      app = await make(platform);
      await expectServed(app);
    });

    it('works when the application is initialised and does not listen', async () => {
      app = await make(platform);
      await app.init();
      await expectServed(app);
    });

    it.each([['0.0.0.0'], ['::'], ['127.0.0.1'], ['::1'], ['localhost'], [undefined]])(
      'works when the application listens on %s',
      async (host) => {
        app = await make(platform);
        await (host === undefined ? app.listen(0) : app.listen(0, host));
        await expectServed(app);
      },
    );
  });

  it('works over TLS with a self-signed certificate', async () => {
    app = await overTls(platform);
    await expectServed(app);
    const page = openPage(app, APP);
    expect((await page.fetch('/orders')).url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/orders$/);
  });

  it('works with a base URL of each name of this machine', async () => {
    app = await fromFactory(platform);
    await app.listen(0, '::');
    const { port } = app.getHttpServer().address();
    for (const host of ['localhost', '127.0.0.1', '[::1]', 'api.localhost']) {
      await expectServed(`http://${host}:${port}`);
    }
  });

  it('works with a base URL over TLS', async () => {
    app = await overTls(platform);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address();
    await expectServed(`https://localhost:${port}/`);
    await expectServed(`https://127.0.0.1:${port}/`);
  });

  it('lets the application listen on a free port of 127.0.0.1', async () => {
    app = await fromFactory(platform);
    const { url } = await openPage(app, APP).fetch('/orders');
    const { address, port } = app.getHttpServer().address();
    expect({ url, address }).toEqual({ url: `http://127.0.0.1:${port}/orders`, address: '127.0.0.1' });
  });

  it('does not change the port of an application that listens', async () => {
    app = await fromFactory(platform);
    await app.listen(0, '127.0.0.1');
    const before = app.getHttpServer().address().port;
    const { url } = await openPage(app, APP).fetch('/orders');
    expect(url).toBe(`http://127.0.0.1:${before}/orders`);
  });

  it('lets the application listen once, when several pages are the first at the same time', async () => {
    const started = await fromFactory(platform);
    app = started;
    const pages = [openPage(started, APP), openPage(started, APP), openPage(started, APP)];
    const urls = await Promise.all(pages.map(async (page) => (await page.fetch('/orders')).url));
    expect(new Set(urls).size).toBe(1);
  });

  it('does not start the application before the first request', async () => {
    app = await fromFactory(platform);
    openPage(app, APP);
    expect(app.getHttpServer().listening).toBe(false);
  });

  describe('that listens on a socket file', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'page-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it('connects to the file, and has the address http://localhost', async () => {
      app = await fromFactory(platform);
      await app.listen(path.join(folder, 'app.sock'));
      await expectServed(app);
      expect((await openPage(app, APP).fetch('/orders')).url).toBe('http://localhost/orders');
    });
  });

  it('rejects with the reason when the application cannot start', async () => {
    @Module({ imports: [CorsModule.forRoot({ origin: ['https://app.example.com/'] })] })
    class FaultyModule {}
    const testing = await Test.createTestingModule({ imports: [FaultyModule] }).compile();
    app = testing.createNestApplication(platform.createAdapter(), { logger: false });
    await expect(openPage(app, APP).fetch('/orders')).rejects.toThrow('https://app.example.com/');
  });

  it('says that the application is closed', async () => {
    app = await fromFactory(platform);
    const page = openPage(app, APP);
    await page.fetch('/orders');
    await app.close();
    await expect(page.fetch('/orders')).rejects.toMatchObject({
      message: 'Failed to fetch',
      cors: { step: 'network' },
    });
  });
});
