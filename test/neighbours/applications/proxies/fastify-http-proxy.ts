import httpProxy from '@fastify/http-proxy';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { startUpstream, untouched } from '../../upstream.js';

export default {
  name: '@fastify/http-proxy',
  packages: ['@fastify/http-proxy'],
  platforms: ['fastify'],
  todo: { text: 'who answers CORS?', heading: 'Proxies' },
  async start(platform, spy) {
    @Module({ imports: [CorsModule.forRoot({ origin: PAGE, paths: [{ path: '/proxy', policy: 'untouched' }] })] })
    class AppModule {}

    const { target, absent, close: closeUpstream } = await startUpstream(spy);
    const { request, close } = await startApp(platform, AppModule, {
      configure: async (app) => {
        const fastify = app as NestFastifyApplication;
        await fastify.register(httpProxy as never, { upstream: target, prefix: '/proxy' });
        await fastify.register(httpProxy as never, { upstream: target, prefix: '/legacy' });
        await fastify.register(httpProxy as never, { upstream: absent, prefix: '/absent' });
      },
    });
    return {
      send: request,
      close: async () => {
        await close();
        closeUpstream();
      },
      questions: {
        'CORS of the upstream': untouched('/proxy/items', '/items'),
        'own policy': { path: '/legacy/items', ran: ['GET /items'], work: ({ text }) => text === 'from upstream' },
      },
      errors: {
        'connection refused': { path: '/absent/items', status: 500, work: ({ text }) => text.length > 0 },
        'connection ended': {
          path: '/legacy/broken',
          ran: ['GET /broken'],
          status: 500,
          work: ({ text }) => text.length > 0,
        },
      },
    };
  },
} satisfies Neighbour;
