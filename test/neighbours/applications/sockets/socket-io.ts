import { Controller, Get, Module } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { CorsModule } from 'nestjs-cors';
import { CorsIoAdapter } from 'nestjs-cors/websockets';
import { io } from 'socket.io-client';
import { startApp } from '../../../support/start-app.js';
import { exchange } from '../../handshake.js';
import type { Neighbour } from '../../neighbour.js';
import { type Answer, PAGE, type Question } from '../../question.js';

type Transport = 'polling' | 'websocket';

/** The status of a connection of the socket.io client, whose responses are not visible. */
const CONNECTED = 101;
const REFUSED = 403;

export default {
  name: 'socket.io',
  packages: ['@nestjs/platform-socket.io', 'socket.io', 'socket.io-client'],
  todo: { text: 'use `CorsIoAdapter`', heading: 'WebSockets' },
  async start(platform, spy) {
    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
    }

    @WebSocketGateway()
    class ChatGateway {
      @SubscribeMessage('greet') greet() {
        return { event: 'greeting', data: spy.ran('greet') };
      }
      @SubscribeMessage('fail') fail() {
        throw new WsException(spy.ran('fail'));
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE, credentials: true })],
      controllers: [ItemsController],
      providers: [ChatGateway],
    })
    class AppModule {}

    const { request, port, close } = await startApp(platform, AppModule, {
      configure: (app) => app.useWebSocketAdapter(new CorsIoAdapter(app)),
    });
    const polling = { path: '/socket.io/?EIO=4&transport=polling', credentials: true };
    const handshake = { path: '/socket.io/?EIO=4&transport=websocket', credentials: true };
    const message = (transport: Transport, event: string): Omit<Question, 'work'> => ({
      ...(transport === 'polling' ? polling : handshake),
      send: (one) =>
        one.method === 'OPTIONS' ? request(one) : converse(port, one.headers?.Origin as string, transport, event),
      status: CONNECTED,
      ran: [event],
      instead: {
        'request allowed': { headers: {} },
        'request refused': { status: REFUSED, headers: {}, ran: [] },
      },
    });
    const isGreeting = ({ status, text }: Answer) => status === REFUSED || text === 'greet';
    const isError = ({ status, text }: Answer) => status === REFUSED || JSON.parse(text).message === 'fail';
    return {
      send: request,
      close,
      questions: {
        'HTTP route': { path: '/items', credentials: true, ran: ['list'], work: ({ text }) => text === 'list' },
        polling: {
          ...polling,
          work: ({ status, text }) => status === REFUSED || text.startsWith('0{"sid"'),
          instead: { 'request refused': { status: REFUSED } },
        },
        handshake: {
          ...handshake,
          send: (one) =>
            one.method === 'OPTIONS'
              ? request(one)
              : exchange(`ws://127.0.0.1:${port}${one.path}`, one.headers?.Origin as string),
          status: 101,
          work: ({ status, text }) => status === 400 || text.startsWith('0{"sid"'),
          instead: {
            'request allowed': { headers: {} },
            'request refused': { status: 400, headers: {} },
          },
        },
        'client over polling': { ...message('polling', 'greet'), work: isGreeting },
        'client over WebSocket': { ...message('websocket', 'greet'), work: isGreeting },
      },
      errors: {
        'of a message handler, over polling': { ...message('polling', 'fail'), work: isError },
        'of a message handler, over WebSocket': { ...message('websocket', 'fail'), work: isError },
      },
    };
  },
} satisfies Neighbour;

/** Connects with the client of socket.io as a page of an origin, sends one message, and reads the answer to it. */
async function converse(port: number, origin: string, transport: Transport, event: string): Promise<Answer> {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: [transport],
    extraHeaders: { Origin: origin },
    forceNew: true,
    reconnection: false,
  });
  try {
    return await new Promise<Answer>((resolve) => {
      const answer = (status: number, text: string) =>
        resolve({ status, headerLines: [], body: Buffer.from(text), text });
      socket.on('connect_error', ({ message }) => answer(REFUSED, message));
      socket.on('greeting', (text: string) => answer(CONNECTED, text));
      socket.on('exception', (error: unknown) => answer(CONNECTED, JSON.stringify(error)));
      socket.emit(event);
    });
  } finally {
    socket.disconnect();
  }
}
