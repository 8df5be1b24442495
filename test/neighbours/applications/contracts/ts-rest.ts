import { Controller, Module } from '@nestjs/common';
import { initContract } from '@ts-rest/core';
import { TsRestHandler, tsRestHandler } from '@ts-rest/nest';
import { Cors, CorsModule } from 'nestjs-cors';
import { z } from 'zod';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

const itemsContract = initContract().router({
  find: {
    method: 'GET',
    path: '/items/:id',
    pathParams: z.object({ id: z.coerce.number() }),
    responses: { 200: z.object({ id: z.number() }) },
  },
  create: {
    method: 'POST',
    path: '/items',
    body: z.object({ title: z.string() }),
    responses: { 201: z.object({ title: z.string() }) },
  },
});

export default {
  name: 'ts-rest',
  packages: ['@ts-rest/nest', '@ts-rest/core'],
  todo: { text: 'order of decorators', heading: 'Decorators of ts-rest' },
  async start(platform, spy) {
    @Controller()
    class ItemsController {
      @TsRestHandler(itemsContract, { validateResponses: true })
      @Cors({ credentials: true })
      handle() {
        return tsRestHandler(itemsContract, {
          find: async ({ params: { id } }) => {
            spy.ran('find');
            return { status: 200, body: { id } };
          },
          create: async ({ body: { title } }) => {
            spy.ran('create');
            return { status: 201, body: { title: title === 'wrong' ? (1 as never) : title } };
          },
        });
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const create = {
      method: 'POST',
      path: '/items',
      asks: 'content-type',
      credentials: true,
      headers: { 'Content-Type': 'application/json' },
    };
    return {
      send: request,
      close,
      questions: {
        find: { path: '/items/7', credentials: true, ran: ['find'], work: ({ text }) => text === '{"id":7}' },
        create: {
          ...create,
          body: '{"title":"a"}',
          status: 201,
          ran: ['create'],
          work: ({ text }) => text === '{"title":"a"}',
        },
      },
      errors: {
        'invalid request': {
          ...create,
          body: '{"title":1}',
          status: 400,
          work: ({ text }) => text.includes('bodyResult'),
        },
        'invalid response': {
          ...create,
          body: '{"title":"wrong"}',
          status: 500,
          ran: ['create'],
          work: ({ text }) => text.includes('Response validation failed') || text.includes('Internal'),
        },
      },
    };
  },
} satisfies Neighbour;
