import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { rawRequest } from '../../support/requests/raw-request.js';
import { RecordedLog } from '../../unit/boot/boot.js';
import { EXPRESS, saidOfRoutes } from '../routes/unexpected-routes.js';

describe('an application that failed to initialise (express)', () => {
  it('applies its routes and origin checks when it is initialised again', async () => {
    let fails = true;
    @Controller('things')
    class ThingsController {
      @Cors({ origin: [ADMIN] }) @Get() get(): void {}
      @Cors({ origin: (origin) => origin === ADMIN, enforce: 'all' }) @Get('asked') asked(): void {}
    }
    @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [ThingsController] })
    class ApplicationModule implements OnModuleInit {
      onModuleInit(): void {
        if (fails) {
          throw new Error('the database is down');
        }
      }
    }
    const log = new RecordedLog();
    const app = await NestFactory.create(ApplicationModule, EXPRESS.createAdapter(), {
      logger: log,
      abortOnError: false,
    });
    await expect(app.init()).rejects.toThrow('the database is down');
    fails = false;
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    const answers: unknown[] = [];
    for (const [path, origin] of [
      ['/things', ADMIN],
      ['/things/asked', ADMIN],
      ['/things/asked', APP],
    ] as const) {
      const response = await rawRequest({ port }, { path, headers: { Origin: origin } });
      answers.push([response.status, corsHeaders(response)['access-control-allow-origin']]);
    }
    await app.close();
    expect(answers).toEqual([
      [200, ADMIN],
      [200, ADMIN],
      [403, undefined],
    ]);
    expect(saidOfRoutes(log)).toEqual([]);
  });
});
