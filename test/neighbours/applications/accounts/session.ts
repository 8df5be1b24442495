import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import { Controller, Get, type INestApplication, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import session from 'express-session';
import { CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

type Done = (error?: Error | null, found?: never) => void;

/** Keeps sessions in memory. Fails for sessions whose user is `broken`. */
class MemoryStore extends session.Store {
  readonly #sessions = new Map<string, { user?: string }>();

  get(id: string, done: Done) {
    const found = this.#sessions.get(id);
    done(found?.user === 'broken' ? new Error('the store is down') : null, found as never);
  }
  set(id: string, value: object, done: Done) {
    this.#sessions.set(id, { ...value });
    done();
  }
  destroy(id: string, done: Done) {
    this.#sessions.delete(id);
    done();
  }
}

interface SessionRequest {
  readonly headers: Record<string, string>;
  readonly session: { user?: string };
}

async function useSessions(app: INestApplication, isExpress: boolean) {
  const options = { secret: 'a secret of at least 32 characters', store: new MemoryStore(), cookie: { secure: false } };
  if (isExpress) {
    app.use(session({ ...options, resave: false, saveUninitialized: false }));
    return;
  }
  const fastify = app as NestFastifyApplication;
  await fastify.register(fastifyCookie);
  await fastify.register(fastifySession, { ...options, saveUninitialized: false });
}

export default {
  name: 'session',
  packages: ['express-session', '@fastify/session'],
  todo: { text: 'allow credentials', heading: 'Sessions' },
  async start(platform, spy) {
    @Controller('session')
    class SessionController {
      @Post() login(@Req() { session, headers }: SessionRequest) {
        session.user = headers['x-user'];
        return spy.ran('login');
      }
      @Get() user(@Req() { session }: SessionRequest) {
        return `${spy.ran('user')} ${session.user}`;
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, credentials: true, allowedHeaders: ['X-User'] })],
      controllers: [SessionController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      configure: (app) => useSessions(app, platform.name === 'express'),
    });
    const login = { method: 'POST', path: '/session', credentials: true, asks: 'x-user' };
    const withSessionOf = async (name: string) => {
      const response = await request({ ...login, headers: { 'X-User': name } });
      return {
        path: '/session',
        credentials: true,
        headers: { Cookie: headerValues(response, 'set-cookie').join('; ') },
      };
    };
    return {
      send: request,
      close,
      questions: {
        login: {
          ...login,
          headers: { 'X-User': 'ada' },
          status: 201,
          ran: ['login'],
          work: (answer) => headerValues(answer, 'set-cookie').length === 1,
        },
        'with cookie': { ...(await withSessionOf('ada')), ran: ['user'], work: ({ text }) => text === 'user ada' },
      },
      errors: {
        '': {
          ...(await withSessionOf('broken')),
          status: 500,
          work: ({ text }) => text.includes('Internal server error'),
        },
      },
    };
  },
} satisfies Neighbour;
