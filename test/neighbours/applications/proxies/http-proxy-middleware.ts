import { Module } from '@nestjs/common';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { startUpstream, untouched } from '../../upstream.js';

export default {
  name: 'http-proxy-middleware',
  packages: ['http-proxy-middleware'],
  todo: { text: 'who answers CORS?', heading: 'Proxies' },
  async start(platform, spy) {
    @Module({ imports: [CorsModule.forRoot({ origin: PAGE, paths: [{ path: '/proxy', policy: 'untouched' }] })] })
    class AppModule {}

    const { target, absent, close: closeUpstream } = await startUpstream(spy);
    const { request, close } = await startApp(platform, AppModule, {
      configure: (app) => {
        app.use('/proxy', createProxyMiddleware({ target }));
        app.use('/legacy', createProxyMiddleware({ target }));
        app.use('/absent', createProxyMiddleware({ target: absent }));
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
        'connection refused': {
          path: '/absent/items',
          status: 504,
          work: ({ text }) => text.includes('Error occurred while trying to proxy'),
        },
        'connection ended': {
          path: '/legacy/broken',
          ran: ['GET /broken'],
          status: 504,
          work: ({ text }) => text.includes('Error occurred while trying to proxy'),
        },
      },
    };
  },
} satisfies Neighbour;
