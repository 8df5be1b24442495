import { Controller, ForbiddenException, Get, Module } from '@nestjs/common';
import { ClsModule, ClsService } from 'nestjs-cls';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

interface UserRequest {
  readonly headers: Record<string, string | undefined>;
}

function storeUser(cls: ClsService, { headers }: UserRequest) {
  if (headers['x-user'] === 'eve') {
    throw new ForbiddenException('no such user');
  }
  cls.set('user', headers['x-user']);
}

export default {
  name: 'cls',
  packages: ['nestjs-cls'],
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      readonly #cls: ClsService;

      constructor(cls: ClsService) {
        this.#cls = cls;
      }

      @Get() async list() {
        await Promise.resolve();
        return `${spy.ran('list')} ${this.#cls.get('user')} ${this.#cls.getId()}`;
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({ origin: PAGE, allowedHeaders: ['X-User'] }),
        ClsModule.forRoot({
          global: true,
          middleware: { mount: true, generateId: true, idGenerator: () => 'id-1', setup: storeUser },
        }),
      ],
      controllers: [ItemsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const list = { path: '/items', asks: 'x-user' };
    return {
      send: request,
      close,
      questions: {
        '': {
          ...list,
          headers: { 'X-User': 'ada' },
          ran: ['list'],
          work: ({ text }) => text === 'list ada id-1',
        },
      },
      errors: {
        setup: {
          ...list,
          headers: { 'X-User': 'eve' },
          status: 403,
          work: ({ text }) => text.includes('no such user'),
        },
      },
    };
  },
} satisfies Neighbour;
