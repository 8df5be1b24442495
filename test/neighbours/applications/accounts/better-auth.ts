import { type INestApplication, Module } from '@nestjs/common';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { authQuestions, newAuth } from '../../support/better-auth.js';

type Auth = ReturnType<typeof newAuth>;

/** The parts of Fastify's request and reply that are used here. */
interface FastifyRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}
interface FastifyReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string | null): unknown;
}

function mountOnFastify(app: INestApplication, auth: Auth) {
  app
    .getHttpAdapter()
    .getInstance()
    .route({
      method: ['GET', 'POST'],
      url: '/api/auth/*',
      async handler({ url, method, headers, body }: FastifyRequest, reply: FastifyReply) {
        const request = new Request(new URL(url, `http://${headers.host}`), {
          method,
          headers: fromNodeHeaders(headers),
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const response = await auth.handler(request);
        reply.status(response.status);
        response.headers.forEach((value, name) => {
          reply.header(name, value);
        });
        return reply.send(response.body ? await response.text() : null);
      },
    });
}

export default {
  name: 'better-auth',
  packages: ['better-auth'],
  todo: { text: 'allow credentials', heading: 'Authentication with better-auth' },
  async start(platform) {
    @Module({ imports: [CorsModule.forRoot({ origin: PAGE, credentials: true })] })
    class AppModule {}

    const auth = newAuth();
    const { request, close } = await startApp(platform, AppModule, {
      configure: (app) =>
        platform.name === 'express'
          ? app.getHttpAdapter().getInstance().all('/api/auth/*splat', toNodeHandler(auth))
          : mountOnFastify(app, auth),
    });
    return { send: request, close, ...(await authQuestions(request)) };
  },
} satisfies Neighbour;
