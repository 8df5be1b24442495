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

/** Enforces everywhere, so that the interceptor is there and has to tell contexts apart. */
@Module({ imports: [CorsModule.forRoot({ origin: [APP], enforce: 'all' })], controllers: [MixedController] })
class MixedModule {}

/** A transport without a wire: messages are handed to the handlers directly. */
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
  it('is created as an application context', async () => {
    const context = await NestFactory.createApplicationContext(MixedModule, quiet);
    expect(await context.get(CorsService).isOriginAllowed(APP)).toBe(true);
    expect(await context.get(CorsService).isOriginAllowed(EVIL)).toBe(false);
    await context.close();
  });

  it('is created as a microservice, whose messages the interceptor leaves alone', async () => {
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
  it('enforces on HTTP and leaves messages alone', async () => {
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

describe('an adapter nobody knows', () => {
  class OtherAdapter extends ExpressAdapter {
    override getType(): string {
      return 'node';
    }
  }

  it('is refused by name before the application listens', async () => {
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
