import { expect, it } from '@jest/globals';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('p')
class ParameterController {
  @Get(':id') one(@Param('id') id: string) {
    return spy.ran(id.slice(0, 1));
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [ParameterController] })
class ParameterModule {}

/** URLs that make a router fail: Fastify before any hook, Express while it matches. */
describePlatforms('an error of the router', (platform) => {
  const server = serve(platform, ParameterModule, spy);
  const fastify = platform.name === 'fastify';

  it.each([
    ['/p/%', 400],
    ['/p/%FF', 400],
    ['/p/%zz', 400],
    [`/p/${'x'.repeat(300)}`, fastify ? 414 : 200],
  ])('is readable for allowed origins: %s', async (path, status) => {
    const allowed = await server.outcome({ path, headers: { Origin: APP } });
    expect(allowed).toEqual({
      status,
      headers: { 'access-control-allow-origin': APP, vary: 'Origin' },
      ran: status === 200 ? ['x'] : [],
    });
    expect(await server.outcome({ path, headers: { Origin: EVIL } })).toMatchObject({
      status,
      headers: { vary: 'Origin' },
    });
    expect((await server.outcome({ path })).headers).toEqual({ vary: 'Origin' });
  });

  it.each(['/p/%', `/p/${'x'.repeat(300)}`])('does not prevent the answer to a preflight: %s', async (path) => {
    const allowed = await server.outcome(preflight(APP, 'GET', path));
    expect(allowed).toEqual({
      status: 204,
      headers: { 'access-control-allow-origin': APP, 'access-control-allow-methods': 'GET', vary: PREFLIGHT_VARY },
      ran: [],
    });
    expect(await server.outcome(preflight(EVIL, 'GET', path))).toMatchObject({
      status: 403,
      headers: { vary: PREFLIGHT_VARY },
    });
  });
});
