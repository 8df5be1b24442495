import fastifyHelmet from '@fastify/helmet';
import { Controller, Get, Module, NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet from 'helmet';
import { CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { type Answer, PAGE } from '../../question.js';

const work = (answer: Answer) => headerValues(answer, 'content-security-policy').length === 1;
const byHelmet = { resourcePolicy: 'same-origin', work };

export default {
  name: 'helmet',
  packages: ['helmet', '@fastify/helmet'],
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
      @Get('missing') missing() {
        throw new NotFoundException(spy.ran('missing'));
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      configure: async (app) =>
        platform.name === 'express' ? app.use(helmet()) : await (app as NestFastifyApplication).register(fastifyHelmet),
    });
    return {
      send: request,
      close,
      questions: { '': { ...byHelmet, path: '/items', ran: ['list'] } },
      errors: { '': { ...byHelmet, path: '/items/missing', ran: ['missing'], status: 404 } },
    };
  },
} satisfies Neighbour;
