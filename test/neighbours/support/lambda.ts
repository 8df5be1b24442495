import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorsModule } from 'nestjs-cors';
import { callLambda, LAMBDA_EVENTS, type LambdaHandler } from '../../e2e/applications/lambda.js';
import type { HandlerSpy } from '../../support/handler-spy.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import type { Platform } from '../../support/start-app.js';
import type { Running } from '../neighbour.js';
import { type Answer, PAGE, type Question } from '../question.js';

/** Starts an application for a Lambda adapter, and asks it through the events of each service. */
export async function startLambda(
  platform: Platform,
  spy: HandlerSpy,
  adapterOf: (app: INestApplication) => LambdaHandler,
): Promise<Running> {
  @Controller()
  class ItemsController {
    @Get('items') list() {
      return spy.ran('list');
    }
    @Get('broken') broken() {
      throw new Error(spy.ran('broken'));
    }
  }

  @Module({
    imports: [CorsModule.forRoot({ origin: PAGE, credentials: true, allowedHeaders: ['Authorization'] })],
    controllers: [ItemsController],
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, platform.createAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready?.();
  const handler = adapterOf(app);

  const byEvent = (question: Question) =>
    Object.fromEntries(
      Object.entries(LAMBDA_EVENTS).map(([name, event]) => {
        const send = async (request: RawRequest): Promise<Answer> => {
          const { status, headers, body } = await callLambda(handler, event, request);
          return { status, headerLines: Object.entries(headers), body: Buffer.from(body), text: body };
        };
        return [name, { ...question, credentials: true, asks: 'authorization', send }];
      }),
    );
  return {
    send: () => Promise.reject(new Error('every question sends its own event')),
    close: () => app.close(),
    questions: byEvent({ path: '/items', ran: ['list'], work: ({ text }) => text === 'list' }),
    errors: byEvent({ path: '/broken', status: 500, ran: ['broken'], work: ({ text }) => text.includes('Internal') }),
  };
}
