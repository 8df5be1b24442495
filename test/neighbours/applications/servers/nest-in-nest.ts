import { Controller, ForbiddenException, Get, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'Nest in Nest',
  packages: [],
  todo: { text: 'leave the path to the inner application', heading: 'Nest in Nest' },
  async start(platform, spy) {
    @Controller('items')
    class InnerController {
      @Get() list() {
        return spy.ran('inner');
      }
      @Get('secret') secret() {
        throw new ForbiddenException(spy.ran('secret'));
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, credentials: true, exposedHeaders: ['X-Inner'] })],
      controllers: [InnerController],
    })
    class InnerModule {}

    @Controller('items')
    class OuterController {
      @Get() list() {
        return spy.ran('outer');
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, paths: [{ path: '/inner', policy: 'untouched' }] })],
      controllers: [OuterController],
    })
    class OuterModule {}

    const create = async (module: Type) => {
      const options = { logger: false, abortOnError: false } as const;
      const app: INestApplication = await NestFactory.create(module, platform.createAdapter(), options);
      await app.init();
      return app;
    };
    const inner = await create(InnerModule);
    const instance = inner.getHttpAdapter().getInstance();
    await instance.ready?.();
    const { request, close } = await startApp(platform, OuterModule, {
      configure: (app) =>
        app.use(
          '/inner',
          platform.name === 'express'
            ? instance
            : (incoming: unknown, response: unknown) => instance.routing(incoming, response),
        ),
    });
    const innerPolicy = { credentials: true, exposes: 'x-inner' };
    return {
      send: request,
      close: async () => {
        await close();
        await inner.close();
      },
      questions: {
        'inner application': {
          ...innerPolicy,
          path: '/inner/items',
          ran: ['inner'],
          work: ({ text }) => text === 'inner',
        },
        'outer application': { path: '/items', ran: ['outer'], work: ({ text }) => text === 'outer' },
      },
      errors: {
        'of the inner application': {
          ...innerPolicy,
          path: '/inner/items/secret',
          ran: ['secret'],
          status: 403,
          work: ({ text }) => text.includes('"message":"secret"'),
        },
        'of the outer application': {
          path: '/missing',
          status: 404,
          work: ({ text }) => text.includes('Cannot GET /missing'),
        },
      },
    };
  },
} satisfies Neighbour;
