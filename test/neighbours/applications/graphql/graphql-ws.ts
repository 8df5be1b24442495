import type { IncomingMessage } from 'node:http';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { createClient } from 'graphql-ws';
import { CorsModule, CorsService } from 'nestjs-cors';
import { WebSocket } from 'ws';
import { startApp } from '../../../support/start-app.js';
import { handshakeAnswer } from '../../handshake.js';
import type { Neighbour } from '../../neighbour.js';
import { type Answer, PAGE, type Question } from '../../question.js';

const FORBIDDEN = '4403 Forbidden';

export default {
  name: 'graphql-ws',
  packages: ['graphql-ws'],
  todo: { text: 'check the handshake', heading: 'GraphQL' },
  async start(platform, spy) {
    @Resolver()
    class ItemsResolver {
      @Query(() => String) item() {
        return spy.ran('query');
      }
      @Subscription(() => String) async *added() {
        yield { added: spy.ran('added') };
      }
      @Subscription(() => String) secret() {
        throw new Error(spy.ran('secret'));
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({ origin: PAGE }),
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: ApolloDriver,
          inject: [CorsService],
          useFactory: (cors: CorsService) => ({
            autoSchemaFile: true,
            subscriptions: {
              'graphql-ws': {
                onConnect: ({ extra }) => cors.isHandshakeAllowed((extra as { request: never }).request),
              },
            },
          }),
        }),
      ],
      providers: [ItemsResolver],
    })
    class AppModule {}

    const { request, port, close } = await startApp(platform, AppModule);
    const subscription = (query: string): Omit<Question, 'work'> => ({
      path: '/graphql',
      status: 101,
      send: (one) => (one.method === 'OPTIONS' ? request(one) : subscribe(port, one.headers?.Origin as string, query)),
      instead: {
        'request allowed': { headers: {} },
        // The handshake is open before the server can refuse it.
        'request refused': { headers: {}, ran: [] },
      },
    });
    return {
      send: request,
      close,
      questions: {
        query: {
          method: 'POST',
          path: '/graphql',
          headers: { 'Content-Type': 'application/json' },
          body: '{"query":"{ item }"}',
          asks: 'content-type',
          ran: ['query'],
          work: ({ text }) => JSON.parse(text).data.item === 'query',
        },
        subscription: {
          ...subscription('subscription { added }'),
          ran: ['added'],
          work: ({ text }) => text === '{"data":{"added":"added"}}' || text === FORBIDDEN,
        },
      },
      errors: {
        'of the resolver': {
          ...subscription('subscription { secret }'),
          ran: ['secret'],
          work: ({ text }) => text.includes('"message":"secret"') || text === FORBIDDEN,
        },
      },
    };
  },
} satisfies Neighbour;

/** Subscribes as a page of an origin, and reads the first result, or why the connection was closed. */
async function subscribe(port: number, origin: string, query: string): Promise<Answer> {
  let upgrade!: IncomingMessage;
  class PageSocket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { origin });
      this.once('upgrade', (response) => {
        upgrade = response;
      });
    }
  }
  const client = createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: PageSocket,
    retryAttempts: 0,
  });
  const text = await client
    .iterate({ query })
    .next()
    .then(
      ({ value }) => JSON.stringify(value),
      ({ code, reason }) => `${code} ${reason}`,
    );
  await client.dispose();
  return handshakeAnswer(upgrade, text);
}
