import { Controller, Get, Module } from '@nestjs/common';
import { HealthCheck, HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'terminus',
  packages: ['@nestjs/terminus'],
  async start(platform, spy) {
    @Controller('health')
    class HealthController {
      readonly #health: HealthCheckService;
      readonly #indicator: HealthIndicatorService;

      constructor(health: HealthCheckService, indicator: HealthIndicatorService) {
        this.#health = health;
        this.#indicator = indicator;
      }

      @Get()
      @HealthCheck()
      ready() {
        return this.#health.check([() => this.#indicator.check(spy.ran('ready')).up()]);
      }

      @Get('store')
      @HealthCheck()
      store() {
        return this.#health.check([() => this.#indicator.check(spy.ran('store')).down()]);
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE }), TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    return {
      send: request,
      close,
      questions: {
        '': { path: '/health', ran: ['ready'], work: ({ text }) => JSON.parse(text).info.ready.status === 'up' },
      },
      errors: {
        '': {
          path: '/health/store',
          ran: ['store'],
          status: 503,
          work: ({ text }) => JSON.parse(text).error.store.status === 'down',
        },
      },
    };
  },
} satisfies Neighbour;
