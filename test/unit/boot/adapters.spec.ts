import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { CorsModule } from 'nestjs-cors';

@Module({ imports: [CorsModule.forRoot({ origin: 'https://app.example.com' })] })
class ApplicationModule {}

/** An adapter for another server that gives itself a name. */
function adapterFor(instance: unknown, type: string): ExpressAdapter {
  class ForeignAdapter extends ExpressAdapter {
    override getType(): string {
      return type;
    }
    override getInstance<Instance>(): Instance {
      return instance as Instance;
    }
  }
  return new ForeignAdapter();
}

describe('the boot with an unsupported HTTP adapter', () => {
  it.each<[string, unknown, string]>([
    ['express', undefined, 'Its getInstance() returns no Express application.'],
    ['express', null, 'Its getInstance() returns no Express application.'],
    ['express', {}, 'Its getInstance() returns no Express application.'],
    ['express', () => undefined, 'Its getInstance() returns no Express application.'],
    ['express', { handle: () => undefined, request: {} }, 'Its getInstance() returns no Express application.'],
    ['express', { handle: () => undefined, request: {}, response: null }, 'no Express application'],
    ['fastify', undefined, 'Its getInstance() returns no Fastify instance.'],
    ['fastify', {}, 'Its getInstance() returns no Fastify instance.'],
    ['node', {}, '"node"'],
  ])('stops with the name of an adapter of the type %s with the instance %p', async (type, instance, why) => {
    const created = NestFactory.create(ApplicationModule, adapterFor(instance, type), {
      logger: false,
      abortOnError: false,
    });
    await expect(created).rejects.toThrow(why);
    await expect(created).rejects.toThrow(`the HTTP adapter "${type}" (ForeignAdapter)`);
  });

  it('stops with the name of the adapter if a testing module receives it', async () => {
    const testing = await Test.createTestingModule({ imports: [ApplicationModule] }).compile();
    const app = testing.createNestApplication(adapterFor({}, 'express'), { logger: false });
    await expect(app.init()).rejects.toThrow('the HTTP adapter "express" (ForeignAdapter)');
  });
});
