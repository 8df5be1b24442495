import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Module, NotFoundException, UseInterceptors } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'cache manager',
  packages: ['@nestjs/cache-manager', 'cache-manager'],
  async start(platform, spy) {
    @Controller('items')
    @UseInterceptors(CacheInterceptor)
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
      @Get('missing') missing() {
        throw new NotFoundException(spy.ran('missing'));
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE }), CacheModule.register({ ttl: 60_000 })],
      controllers: [ItemsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    return {
      send: request,
      close,
      questions: {
        '': {
          path: '/items',
          ran: ['list'],
          work: ({ text }) => text === 'list',
          // The second request is answered from the cache, with the CORS headers of its own origin.
          instead: { 'request refused': { ran: [] } },
        },
      },
      errors: {
        '': { path: '/items/missing', ran: ['missing'], status: 404, work: ({ text }) => text.includes('missing') },
      },
    };
  },
} satisfies Neighbour;
