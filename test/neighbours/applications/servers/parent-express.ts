import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Controller, ForbiddenException, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express, { type RequestHandler } from 'express';
import { CorsModule } from 'nestjs-cors';
import { rawRequest } from '../../../support/requests/raw-request.js';
import { CLOSED } from '../../expectations.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'parent Express application',
  packages: ['express'],
  todo: { text: 'its own routes', heading: 'A parent Express application' },
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
      @Get('secret') secret() {
        throw new ForbiddenException(spy.ran('secret'));
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, paths: [{ path: '/closed', policy: false }] })],
      controllers: [ItemsController],
    })
    class AppModule {}

    const app = await NestFactory.create(AppModule, platform.createAdapter(), { logger: false, abortOnError: false });
    await app.init();
    const instance = app.getHttpAdapter().getInstance();
    await instance.ready?.();
    const parent = express();
    parent.get('/own', (_request, response) => {
      response.send(spy.ran('own'));
    });
    const listener: RequestHandler = (request, response) => instance.routing(request, response);
    parent.use('/api', platform.name === 'express' ? instance : listener);
    const server = parent.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const bare = { headers: {} };
    return {
      send: (request) => rawRequest({ port }, request),
      close: async () => {
        server.close();
        await app.close();
      },
      questions: {
        'route of Nest': { path: '/api/items', ran: ['list'], work: ({ text }) => text === 'list' },
        'path of the policy': {
          path: '/api/closed',
          status: 404,
          instead: CLOSED,
          work: ({ text }) => text.includes('Cannot GET'),
        },
        'route of the parent': {
          path: '/own',
          ran: ['own'],
          work: ({ text }) => text === 'own',
          instead: {
            'preflight allowed': { status: 200, ...bare },
            'preflight refused': { status: 200, ...bare },
            'request allowed': bare,
            'request refused': bare,
          },
        },
      },
      errors: {
        'of a handler': {
          path: '/api/items/secret',
          ran: ['secret'],
          status: 403,
          work: ({ text }) => text.includes('"message":"secret"'),
        },
        'of Nest': { path: '/api/missing', status: 404, work: ({ text }) => text.includes('Cannot GET') },
        'of the parent': {
          path: '/missing',
          status: 404,
          work: ({ text }) => text.includes('Cannot GET /missing'),
          instead: { 'request allowed': bare, 'request refused': bare },
        },
      },
    };
  },
} satisfies Neighbour;
