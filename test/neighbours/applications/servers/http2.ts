import { Controller, Get, Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { http2Request } from '../../../support/requests/http2-request.js';
import { selfSignedCertificate } from '../../../support/self-signed.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE, type Send } from '../../question.js';

export default {
  name: 'HTTP/2',
  packages: ['fastify'],
  platforms: ['fastify'],
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
    class AppModule {}

    const { port, close } = await startApp(platform, AppModule, {
      adapter: { http2: true, https: selfSignedCertificate() },
    });
    const send: Send = async ({ method, path = '/', headers }) => {
      const answer = await http2Request(`https://127.0.0.1:${port}`, {
        method,
        path,
        headers: headers as Record<string, string>,
      });
      const headerLines = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one] as const),
      );
      return { status: answer.status, headerLines, body: Buffer.from(answer.body), text: answer.body };
    };
    return {
      send,
      close,
      questions: { '': { path: '/items', ran: ['list'], work: ({ text }) => text === 'list' } },
      errors: { '': { path: '/missing', status: 404, work: ({ text }) => text.includes('Cannot GET /missing') } },
    };
  },
} satisfies Neighbour;
