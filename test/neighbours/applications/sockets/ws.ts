import { type ArgumentsHost, Catch, Controller, type ExceptionFilter, Get, Module, UseFilters } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { CorsModule } from 'nestjs-cors';
import { CorsWsAdapter } from 'nestjs-cors/websockets';
import type { WebSocket } from 'ws';
import { startApp } from '../../../support/start-app.js';
import { exchange } from '../../handshake.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE, type Question } from '../../question.js';

/** Sends errors to the client. Without a filter, Nest 11 sends nothing over `ws`. */
@Catch(WsException)
class ErrorsFilter implements ExceptionFilter<WsException> {
  catch({ message }: WsException, host: ArgumentsHost) {
    host
      .switchToWs()
      .getClient<WebSocket>()
      .send(JSON.stringify({ event: 'error', data: message }));
  }
}

export default {
  name: 'ws',
  packages: ['@nestjs/platform-ws', 'ws'],
  todo: { text: 'use `CorsWsAdapter`', heading: 'WebSockets' },
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
    }

    @UseFilters(ErrorsFilter)
    @WebSocketGateway({ path: '/chat' })
    class ChatGateway {
      @SubscribeMessage('greet') greet() {
        return { event: 'greeting', data: spy.ran('greet') };
      }
      @SubscribeMessage('fail') fail() {
        throw new WsException(spy.ran('fail'));
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE })],
      controllers: [ItemsController],
      providers: [ChatGateway],
    })
    class AppModule {}

    const { request, port, close } = await startApp(platform, AppModule, {
      configure: (app) => app.useWebSocketAdapter(new CorsWsAdapter(app)),
    });
    const message = (event: string): Omit<Question, 'work'> => ({
      path: '/chat',
      send: (one) =>
        one.method === 'OPTIONS'
          ? request(one)
          : exchange(`ws://127.0.0.1:${port}/chat`, one.headers?.Origin as string, JSON.stringify({ event })),
      status: 101,
      ran: [event],
      instead: {
        'request allowed': { headers: {} },
        'request refused': { status: 403, headers: {}, ran: [] },
      },
    });
    return {
      send: request,
      close,
      questions: {
        'HTTP route': { path: '/items', ran: ['list'], work: ({ text }) => text === 'list' },
        handshake: {
          ...message('greet'),
          work: ({ status, text }) => status === 403 || text === '{"event":"greeting","data":"greet"}',
        },
      },
      errors: {
        'of a message handler': {
          ...message('fail'),
          work: ({ status, text }) => status === 403 || text === '{"event":"error","data":"fail"}',
        },
      },
    };
  },
} satisfies Neighbour;
