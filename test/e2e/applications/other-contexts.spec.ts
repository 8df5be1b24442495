import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy, MessagePattern, Server } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { CorsModule, CorsService } from 'nestjs-cors';
import { lastValueFrom, type Observable } from 'rxjs';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, startApp } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const quiet = { logger: false, abortOnError: false } as const;

@Controller('r')
class MixedController {
  @Get() list() {
    return spy.ran('list');
  }
  @MessagePattern('sum') sum(numbers: number[]): number {
    spy.ran('sum');
    return numbers.reduce((total, number) => total + number, 0);
  }
}

/** Enforces everywhere, so the interceptor is installed and must distinguish contexts. */
@Module({ imports: [CorsModule.forRoot({ origin: [APP], enforce: 'all' })], controllers: [MixedController] })
class MixedModule {}

/** A transport without a network: it passes messages directly to the handlers. */
class DirectTransport extends Server implements CustomTransportStrategy {
  listen(started: () => void): void {
    started();
  }
  close(): void {}
  on(): void {}
  unwrap<T>(): T {
    return undefined as T;
  }
  async ask(pattern: string, data: unknown): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern);
    if (!handler) {
      throw new Error(`no handler for ${pattern}`);
    }
    return lastValueFrom(this.transformToObservable(await handler(data)) as Observable<unknown>);
  }
}

describe('an application without HTTP', () => {
  it('boots as an application context', async () => {
    const context = await NestFactory.createApplicationContext(MixedModule, quiet);
    expect(await context.get(CorsService).isOriginAllowed(APP)).toBe(true);
    expect(await context.get(CorsService).isOriginAllowed(EVIL)).toBe(false);
    await context.close();
  });

  it('boots as a microservice, and CorsInterceptor ignores its messages', async () => {
    const strategy = new DirectTransport();
    const service = await NestFactory.createMicroservice(MixedModule, { strategy, ...quiet });
    await service.listen();
    spy.take();
    expect(await strategy.ask('sum', [1, 2, 3])).toBe(6);
    expect(spy.take()).toEqual(['sum']);
    await service.close();
  });
});

describePlatforms('a hybrid application', (platform) => {
  it('enforces policies for HTTP requests and ignores messages', async () => {
    const strategy = new DirectTransport();
    const server = await startApp(platform, MixedModule, {
      configure: async (app) => {
        app.connectMicroservice({ strategy }, { inheritAppConfig: true });
        await app.startAllMicroservices();
      },
    });
    try {
      spy.take();
      expect(await strategy.ask('sum', [1, 2])).toBe(3);
      const refused = await server.request({ path: '/r', headers: { Origin: EVIL } });
      expect([refused.status, spy.take()]).toEqual([403, ['sum']]);
    } finally {
      await server.close();
    }
  });
});

describe('an application with an unsupported HTTP adapter', () => {
  class OtherAdapter extends ExpressAdapter {
    override getType(): string {
      return 'node';
    }
  }

  it('fails to boot with an error that names the adapter', async () => {
    const start = async () => {
      const app = await NestFactory.create(MixedModule, new OtherAdapter(), quiet);
      try {
        await app.init();
      } finally {
        await app.close();
      }
    };
    await expect(start()).rejects.toThrow(/"node"|'node'|`node`/);
  });
});
