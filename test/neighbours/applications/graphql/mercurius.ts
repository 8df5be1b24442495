import { ForbiddenException, Module } from '@nestjs/common';
import { GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import { FAULTY_OPERATIONS, OPERATIONS } from '../../graphql.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'Mercurius',
  packages: ['@nestjs/mercurius', 'mercurius'],
  platforms: ['fastify'],
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
        CorsModule.forRoot({ origin: PAGE }),
        GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true, graphiql: true }),
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
          ran: ['item'],
          work: ({ text }) => JSON.parse(text).data.item === 'item',
        },
        GraphiQL: { path: '/graphiql', work: ({ text }) => text.includes('GraphiQL') },
      },
      errors: FAULTY_OPERATIONS,
    };
  },
} satisfies Neighbour;
