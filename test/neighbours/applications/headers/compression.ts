import { gunzipSync } from 'node:zlib';
import fastifyCompress from '@fastify/compress';
import { Controller, Get, Module, NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import compression from 'compression';
import { CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { type Answer, PAGE } from '../../question.js';

const TEXT = 'repeated '.repeat(500);
const isCompressed = (answer: Answer) =>
  headerValues(answer, 'content-encoding')[0] === 'gzip' && gunzipSync(answer.body).includes(TEXT);

export default {
  name: 'compression',
  packages: ['compression', '@fastify/compress'],
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        spy.ran('list');
        return TEXT;
      }
      @Get('missing') missing() {
        spy.ran('missing');
        throw new NotFoundException(TEXT);
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      configure: async (app) =>
        platform.name === 'express'
          ? app.use(compression())
          : await (app as NestFastifyApplication).register(fastifyCompress),
    });
    const vary = platform.name === 'express' ? 'Accept-Encoding, Origin' : 'accept-encoding, Origin';
    const compressed = { headers: { 'Accept-Encoding': 'gzip' }, vary, work: isCompressed };
    return {
      send: request,
      close,
      questions: { '': { ...compressed, path: '/items', ran: ['list'] } },
      errors: { '': { ...compressed, path: '/items/missing', ran: ['missing'], status: 404 } },
    };
  },
} satisfies Neighbour;
