import { ExpressAdapter } from '@bull-board/express';
import { FastifyAdapter } from '@bull-board/fastify';
import { BullBoardModule } from '@bull-board/nestjs';
import { Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import { CLOSED } from '../../expectations.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

const ADAPTERS = { express: ExpressAdapter, fastify: FastifyAdapter };

export default {
  name: 'Bull Board',
  packages: ['@bull-board/nestjs', '@bull-board/api'],
  todo: { text: 'close it to other origins', heading: 'Bull Board' },
  async start(platform) {
    @Module({
      imports: [
        CorsModule.forRoot({ origin: PAGE, paths: [{ path: '/queues', policy: false }] }),
        // The adapters bring another version of the types along.
        BullBoardModule.forRoot({ route: '/queues', adapter: ADAPTERS[platform.name] as never }),
      ],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    return {
      send: request,
      close,
      questions: {
        page: { path: '/queues', instead: CLOSED, work: ({ text }) => text.includes('Bull Dashboard') },
        queues: {
          path: '/queues/api/queues?status=active&page=1&jobsPerPage=10',
          instead: CLOSED,
          work: ({ text }) => Array.isArray(JSON.parse(text).queues),
        },
      },
      errors: {
        'no such queue': {
          method: 'PUT',
          path: '/queues/api/queues/mail/pause',
          status: 404,
          instead: CLOSED,
          work: ({ text }) => text.includes('QUEUE_NOT_FOUND'),
        },
      },
    };
  },
} satisfies Neighbour;
