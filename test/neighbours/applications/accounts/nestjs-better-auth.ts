import assert from 'node:assert/strict';
import { Controller, Get, Module } from '@nestjs/common';
import { AuthModule, Session } from '@thallesp/nestjs-better-auth';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { authQuestions, newAuth } from '../../support/better-auth.js';

export default {
  name: 'nestjs-better-auth',
  packages: ['@thallesp/nestjs-better-auth', 'better-auth'],
  // On Fastify every request fails in its middleware.
  platforms: ['express'],
  todo: { text: 'allow credentials, switch its CORS off', heading: 'Authentication with better-auth' },
  async start(platform, spy) {
    @Controller('profile')
    class ProfileController {
      @Get() show(@Session() { user }: { user: { email: string } }) {
        return `${spy.ran('profile')} ${user.email}`;
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, credentials: true }), AuthModule.forRoot({ auth: newAuth() })],
      controllers: [ProfileController],
    })
    class AppModule {}

    const lines: string[] = [];
    const log = (line: unknown) => lines.push(String(line));
    const { request, close } = await startApp(platform, AppModule, {
      application: { bodyParser: false, logger: { log, warn: log, error: log } },
    });
    assert.match(
      lines.join('\n'),
      /^enable-cors-active .* package `@thallesp\/nestjs-better-auth` calls enableCors\(\)/m,
    );
    const { questions, errors } = await authQuestions(request);
    const profile = { path: '/profile', credentials: true };
    return {
      send: request,
      close,
      questions: {
        ...questions,
        'its guard': {
          ...profile,
          headers: questions.session?.headers,
          ran: ['profile'],
          work: ({ text }) => text === 'profile ada@example.com',
        },
      },
      errors: {
        ...errors,
        'its guard': { ...profile, status: 401, work: ({ text }) => text.includes('UNAUTHORIZED') },
      },
    };
  },
} satisfies Neighbour;
