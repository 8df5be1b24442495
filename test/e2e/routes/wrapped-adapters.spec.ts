import { expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectDisabled } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

@Controller('r')
class RoutesController {
  @DisableCors() @Get('disabled') disabled() {
    return spy.ran('disabled');
  }
  @Cors({ origin: [ADMIN], enforce: 'all' }) @Put('own') own() {
    return spy.ran('own');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [RoutesController] })
class AppModule {}

type Register = (path: unknown, ...handlers: unknown[]) => unknown;
type Middleware = (request: unknown, response: unknown, next: () => void) => void;

/** Puts a middleware before each handler that Nest registers, as measuring or authenticating code does. */
function withMiddleware(app: INestApplication): void {
  const adapter = app.getHttpAdapter() as unknown as Record<string, Register>;
  const middleware: Middleware = (_request, _response, next) => next();
  for (const name of ['get', 'put']) {
    const register = adapter[name] as Register;
    adapter[name] = (path, ...handlers) => register.call(adapter, path, middleware, ...handlers);
  }
}

describePlatforms('a route registered with middleware before its handler', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, AppModule, spy, { application: { logger: log }, configure: withMiddleware });

  it('has the policy of its handler', async () => {
    await expectDisabled(server, { method: 'GET', path: '/r/disabled', handler: 'disabled', origin: APP });
    expect(await server.outcome({ method: 'PUT', path: '/r/own', headers: { Origin: ADMIN } })).toEqual({
      status: 200,
      headers: { 'access-control-allow-origin': ADMIN, vary: 'Origin' },
      ran: ['own'],
    });
    for (const origin of [APP, EVIL]) {
      const refused = await server.outcome({ method: 'PUT', path: '/r/own', headers: { Origin: origin } });
      expect(refused).toEqual({ status: 403, headers: { vary: 'Origin' }, ran: [] });
    }
  });

  it('causes no warning', () => {
    expect([...log.errors, ...log.warnings].filter((line) => line.startsWith('The route'))).toEqual([]);
  });
});
