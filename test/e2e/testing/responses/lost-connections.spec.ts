import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { CorsModule } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { APP } from '../../../support/policy-statement.js';
import { selfSignedCertificate } from '../../../support/self-signed.js';

const NOT_HTTP1 = 'The server does not speak HTTP/1.1. If it speaks HTTP/2 over TLS, set `allowHTTP1: true`.';
const NO_RESPONSE = { code: undefined, step: 'network', parameter: undefined, explanation: undefined };
const certificate = selfSignedCertificate();

describe('a connection without a response', () => {
  let server: net.Server | undefined;
  afterEach(async () => {
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
  });

  it.each<[string, string, string, () => net.Server]>([
    ['HTTP/2 over TLS', 'https', NOT_HTTP1, () => http2.createSecureServer(certificate)],
    ['HTTP/2', 'http', NOT_HTTP1, () => http2.createServer()],
    ['SSH', 'http', NOT_HTTP1, () => net.createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n'))],
    ['nothing', 'http', 'socket hang up', () => net.createServer((socket) => socket.resume().end())],
    [
      'a reset',
      'http',
      'read ECONNRESET',
      () => net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    ],
    [
      'another protocol from then on',
      'http',
      'The connection was closed without a response.',
      () =>
        net.createServer((socket) => {
          socket.resume().on('error', () => undefined);
          socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n');
        }),
    ],
  ])('is a network failure: the server speaks %s', async (_name, scheme, message, create) => {
    server = create();
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const page = openPage(`${scheme}://127.0.0.1:${port}`, APP);
    await expect(page.fetch('/')).rejects.toMatchObject({
      name: 'TypeError',
      message: 'Failed to fetch',
      cause: { message },
      cors: NO_RESPONSE,
    });
    expect(page.exchanges).toMatchObject([{ method: 'GET', status: undefined, responseHeaders: [] }]);
  });

  it('is a network failure of the preflight', async () => {
    server = net.createServer((socket) => socket.resume().end());
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const page = openPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, APP);
    await expect(page.fetch('/', { method: 'PUT' })).rejects.toMatchObject({ cors: NO_RESPONSE });
    expect(page.exchanges).toMatchObject([{ preflight: true, method: 'OPTIONS', status: undefined }]);
  });

  it('is a network failure where no server listens', async () => {
    server = net.createServer();
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(openPage(`http://127.0.0.1:${port}`, APP).fetch('/')).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
      cors: NO_RESPONSE,
    });
  });
});

describe('an application over HTTP/2', () => {
  @Controller('orders')
  class OrdersController {
    @Get() list() {
      return 'list';
    }
  }

  @Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [OrdersController] })
  class OrdersModule {}

  const create = (options: object) => {
    const adapter = new FastifyAdapter({ http2: true, ...options } as object);
    return NestFactory.create(OrdersModule, adapter, { logger: false, abortOnError: false });
  };

  it.each<[string, object]>([
    ['without TLS', {}],
    ['over TLS', { https: certificate }],
  ])('is a network failure %s', async (_name, options) => {
    const app = await create(options);
    try {
      await expect(openPage(app, APP).fetch('/orders')).rejects.toMatchObject({
        cause: { message: NOT_HTTP1 },
        cors: NO_RESPONSE,
      });
    } finally {
      await app.close();
    }
  });

  it('serves pages with `allowHTTP1`', async () => {
    const app = await create({ https: { ...certificate, allowHTTP1: true } });
    try {
      expect(await (await openPage(app, APP).fetch('/orders')).text()).toBe('list');
    } finally {
      await app.close();
    }
  });
});
