import { expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, serve } from '../support/platforms.js';
import { APP, EVIL } from '../support/policy-statement.js';

const spy = new HandlerSpy();

/** Nest reads the interceptors of a handler from the function that it registers, which has none here. */
@Controller('bound')
class BoundController {
  constructor() {
    this.strict = this.strict.bind(this);
    this.free = this.free.bind(this);
  }
  @Cors({ origin: [APP], enforce: 'all' }) @Post('strict') strict() {
    return spy.ran('strict');
  }
  @Cors({ origin: [APP] }) @Post('free') free() {
    return spy.ran('free');
  }
}

/** A class brings its interceptors to whatever its methods are replaced by. */
@Cors({ origin: [APP], enforce: 'all' })
@Controller('class')
class DecoratedController {
  constructor() {
    this.strict = this.strict.bind(this);
  }
  @Post('strict') strict() {
    return spy.ran('class');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [BoundController, DecoratedController] })
class BoundModule {}

describePlatforms('a handler that enforces and was replaced by a function without metadata', (platform) => {
  const server = serve(platform, BoundModule, spy);
  const post = (path: string, origin: string) =>
    server.outcome({ method: 'POST', path, headers: { Origin: origin, 'Content-Length': '0' } });

  it.each([
    ['/bound/strict', 'strict'],
    ['/class/strict', 'class'],
  ])('%s does not run for another origin', async (path, handler) => {
    expect(await post(path, EVIL)).toEqual({ status: 403, headers: { vary: 'Origin' }, ran: [] });
    expect(await post(path, APP)).toEqual({
      status: 201,
      headers: { 'access-control-allow-origin': APP, vary: 'Origin' },
      ran: [handler],
    });
  });

  it('does not make others enforce', async () => {
    expect(await post('/bound/free', EVIL)).toEqual({ status: 201, headers: { vary: 'Origin' }, ran: ['free'] });
  });
});
