import { Controller, ForbiddenException, Get, Injectable, Module } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'lazily loaded module',
  packages: [],
  async start(platform, spy) {
    @Injectable()
    class ReportsService {
      total(id: string) {
        spy.ran('total');
        if (id === 'secret') {
          throw new ForbiddenException('secret report');
        }
        return '42';
      }
    }

    @Module({ providers: [ReportsService] })
    class ReportsModule {}

    @Controller('reports')
    class ReportsController {
      readonly #loader: LazyModuleLoader;

      constructor(loader: LazyModuleLoader) {
        this.#loader = loader;
      }

      @Get() total() {
        return this.#load('all');
      }
      @Get('secret') secret() {
        return this.#load('secret');
      }

      async #load(id: string) {
        const reports = await this.#loader.load(() => ReportsModule);
        return reports.get(ReportsService).total(id);
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ReportsController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    return {
      send: request,
      close,
      questions: { '': { path: '/reports', ran: ['total'], work: ({ text }) => text === '42' } },
      errors: {
        '': {
          path: '/reports/secret',
          ran: ['total'],
          status: 403,
          work: ({ text }) => text.includes('secret report'),
        },
      },
    };
  },
} satisfies Neighbour;
