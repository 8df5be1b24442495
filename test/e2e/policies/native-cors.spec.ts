import { describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, type LoggerService, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve, startApp } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectDisabled, expectPolicy } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('r')
class ResourceController {
  @Cors({ origin: [ADMIN] }) @Put() replace() {
    return spy.ran('replace');
  }
  @DisableCors() @Put('off') off() {
    return spy.ran('off');
  }
  @Get('plain') plain() {
    return spy.ran('plain');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], exposedHeaders: ['x-total'] })],
  controllers: [ResourceController],
})
class ResourceModule {}

/** Allows everything, so any header of it in a response is visible. */
const WIDE = {
  origin: true,
  credentials: true,
  methods: 'PURGE',
  allowedHeaders: 'x-native',
  exposedHeaders: 'x-native',
  maxAge: 7,
};

const WAYS = {
  'app.enableCors()': { configure: (app: INestApplication) => app.enableCors() },
  'app.enableCors() with options': { configure: (app: INestApplication) => app.enableCors(WIDE) },
  'cors: true in NestFactory.create': { application: { cors: true } },
  'cors options in NestFactory.create': { application: { cors: WIDE } },
};

class Collector implements LoggerService {
  readonly lines: string[] = [];
  log(): void {}
  error(message: unknown): void {
    this.lines.push(String(message));
  }
  warn(message: unknown): void {
    this.lines.push(String(message));
  }
}

describePlatforms('enableCors beside CorsModule', (platform) => {
  describe.each(Object.entries(WAYS))('%s', (_way, options) => {
    const server = serve(platform, ResourceModule, spy, options);

    it('does not change the headers of open routes', async () => {
      const exposes = 'x-total';
      await expectPolicy(server, {
        method: 'PUT',
        path: '/r',
        handler: 'replace',
        allows: ADMIN,
        refuses: APP,
        exposes,
      });
      await expectPolicy(server, {
        method: 'GET',
        path: '/r/plain',
        handler: 'plain',
        allows: APP,
        refuses: EVIL,
        exposes,
      });
    });

    it('does not change the headers of disabled routes', async () => {
      const { status, headers } = await server.outcome({ method: 'PUT', path: '/r/off', headers: { Origin: APP } });
      const { vary: _set, ...access } = headers;
      expect({ status, access }).toEqual({ status: 200, access: {} });
    });

    it('does not change the headers of paths without a route', async () => {
      const route = { method: 'GET', path: '/none', handler: undefined, status: 404, exposes: 'x-total' };
      await expectPolicy(server, { ...route, allows: APP, refuses: ADMIN });
    });

    it('is reported with the fix', async () => {
      const logger = new Collector();
      const { application, ...rest } = options as { application?: object };
      const other = await startApp(platform, ResourceModule, { ...rest, application: { ...application, logger } });
      await other.close();
      expect(logger.lines.filter((line) => line.includes('enableCors'))).toHaveLength(1);
    });
  });

  it('is not reported if it is not called', async () => {
    const logger = new Collector();
    const server = await startApp(platform, ResourceModule, { application: { logger } });
    await server.close();
    expect(logger.lines.filter((line) => line.includes('enableCors'))).toEqual([]);
  });
});

describePlatforms('CorsModule without enableCors', (platform) => {
  const server = serve(platform, ResourceModule, spy);

  it('sends the same headers as beside enableCors', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/r/off', handler: 'off', origin: APP });
  });
});
