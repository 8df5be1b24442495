import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { ForbiddenException, Module } from '@nestjs/common';
import { GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import { FAULTY_OPERATIONS, OPERATIONS } from '../../graphql.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'Apollo',
  packages: ['@nestjs/apollo', '@apollo/server'],
  todo: { text: 'allow `apollo-require-preflight`', heading: 'GraphQL' },
  async start(platform, spy) {
    @Resolver()
    class ItemsResolver {
      @Query(() => String) item() {
        return spy.ran('item');
      }
      @Query(() => String) secret(): string {
        throw new ForbiddenException(spy.ran('secret'));
      }
      @Mutation(() => String) addItem() {
        return spy.ran('addItem');
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({
          origin: PAGE,
          paths: [{ path: '/graphql', policy: { allowedHeaders: ['content-type', 'apollo-require-preflight'] } }],
        }),
        GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, graphiql: true }),
      ],
      providers: [ItemsResolver],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    return {
      send: request,
      close,
      questions: {
        ...OPERATIONS,
        'query by GET': {
          path: '/graphql?query={item}',
          asks: 'apollo-require-preflight',
          headers: { 'Apollo-Require-Preflight': 'true' },
          ran: ['item'],
          work: ({ text }) => JSON.parse(text).data.item === 'item',
        },
        GraphiQL: {
          path: '/graphql',
          headers: { Accept: 'text/html' },
          work: ({ text }) => text.includes('<title>GraphiQL'),
        },
      },
      errors: {
        ...FAULTY_OPERATIONS,
        'CSRF prevention': {
          path: '/graphql?query={item}',
          status: 400,
          work: ({ text }) => text.includes('Cross-Site Request Forgery'),
        },
      },
    };
  },
} satisfies Neighbour;
