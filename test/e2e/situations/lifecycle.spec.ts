import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  type INestApplication,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { RawConnection } from '../../support/requests/raw-request.js';
import { listen } from '../../support/start-app.js';

const spy = new HandlerSpy();

/** Lets the slow handler answer. */
let release: () => void = () => undefined;
let reached: () => void = () => undefined;

@Controller()
class HookedController
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  onModuleInit() {
    spy.ran('init');
  }
  async onApplicationBootstrap() {
    spy.ran('bootstrap');
  }
  onModuleDestroy() {
    spy.ran('destroy');
  }
  async beforeApplicationShutdown(signal?: string) {
    spy.ran(`before shutdown by ${signal}`);
  }
  onApplicationShutdown(signal?: string) {
    spy.ran(`shutdown by ${signal}`);
  }

  @Get('fast') fast() {
    return 'fast';
  }
  @Get('slow') async slow() {
    reached();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return 'slow';
  }
}

function moduleOf(withCors: boolean): RootModule {
  @Module({ imports: withCors ? [CorsModule.forRoot({ origin: [APP] })] : [], controllers: [HookedController] })
  class HookedModule {}
  return HookedModule;
}

const ALLOWED = { 'access-control-allow-origin': APP, vary: 'Origin' };

describePlatforms('the life of an application', (platform) => {
  const apps: INestApplication[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) {
      await app.close();
    }
    spy.take();
  });
  const create = async (withCors = true): Promise<INestApplication> => {
    const options = { logger: false, abortOnError: false } as const;
    const app = await NestFactory.create(moduleOf(withCors), platform.createAdapter(), options);
    apps.push(app);
    return app;
  };

  it('has the same hooks in the same order as without CorsModule', async () => {
    const orders: string[][] = [];
    for (const withCors of [true, false]) {
      const running = await listen(await create(withCors));
      await running.request({ path: '/fast' });
      await running.app.close();
      orders.push(spy.take());
    }
    const order = ['init', 'bootstrap', 'destroy', 'before shutdown by undefined', 'shutdown by undefined'];
    expect(orders).toEqual([order, order]);
  });

  it('initialises the application once, however often it is asked to', async () => {
    const app = await create();
    await app.init();
    await app.init();
    const running = await listen(app);
    expect(spy.take()).toEqual(['init', 'bootstrap']);
    const response = await running.request({ path: '/fast', headers: { Origin: APP } });
    expect([response.text, corsHeaders(response)]).toEqual(['fast', ALLOWED]);
  });

  it('reports the address that it listens on', async () => {
    const app = await create();
    await expect(app.getUrl()).rejects.toMatch(/listen/);
    const { port } = await listen(app);
    expect(await app.getUrl()).toBe(`http://127.0.0.1:${port}`);
    const response = await fetch(`${await app.getUrl()}/fast`, { headers: { Origin: APP } });
    expect([await response.text(), response.headers.get('access-control-allow-origin')]).toEqual(['fast', APP]);
  });

  it('fails to listen on a port that is taken, with the error of the platform', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const app = await create();
    await expect(app.listen(port, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
    taken.close();
  });

  it('ends open requests before it closes, and their responses have CORS headers', async () => {
    const running = await listen(await create());
    const isReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const connection = await RawConnection.open(running);
    connection.send({ path: '/slow', headers: { Origin: APP } }, 'close');
    await isReached;
    const closed = running.app.close();
    release();
    const response = await connection.receive();
    await closed;
    expect([response.status, response.text, corsHeaders(response)]).toEqual([200, 'slow', ALLOWED]);
  });
});

/** Sends a request to a socket path, and returns its status, body and CORS headers. */
function requestOn(socketPath: string, origin: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = sendRequest({ socketPath, path: '/fast', headers: { Origin: origin } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const { 'access-control-allow-origin': allowed, vary } = response.headers;
        resolve([response.statusCode, text, allowed, vary]);
      });
    });
    request.on('error', reject);
    request.end();
  });
}

describePlatforms('an application that listens on a Unix socket', (platform) => {
  it('applies its policies', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cors-socket-'));
    const socket = path.join(folder, 'app.sock');
    const app = await NestFactory.create(moduleOf(true), platform.createAdapter(), { logger: false });
    await app.listen(socket);
    expect(existsSync(socket)).toBe(true);
    expect(await requestOn(socket, APP)).toEqual([200, 'fast', APP, 'Origin']);
    expect(await requestOn(socket, EVIL)).toEqual([200, 'fast', undefined, 'Origin']);
    await app.close();
    rmSync(folder, { recursive: true });
    spy.take();
  });
});
