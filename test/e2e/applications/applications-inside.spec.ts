import { expect, it } from '@jest/globals';
import { Controller, Get, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

interface Response {
  setHeader(name: string, value: string): unknown;
  json(body: unknown): unknown;
}
type Next = () => void;
type Middleware = (request: { readonly headers: object }, response: Response, next: Next) => void;

/** An Express application that gives responses its own prototype. */
function applicationInside(): Middleware {
  const inside = new ExpressAdapter().getInstance<Middleware & { use(middleware: Middleware): void }>();
  inside.use((request, response, next) => {
    if (!('x-answer' in request.headers)) {
      next();
      return;
    }
    spy.ran('inside');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.json({ inside: true });
  });
  return inside;
}

@Controller()
class HandlersController {
  @Get('applied/open') applied() {
    return spy.ran('handler');
  }
  @Get('called/open') called() {
    return spy.ran('handler');
  }
  @DisableCors() @Get('applied/disabled') disabledApplied() {
    return spy.ran('handler');
  }
  @DisableCors() @Get('called/disabled') disabledCalled() {
    return spy.ran('handler');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [HandlersController] })
class OutsideModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(applicationInside()).forRoutes('applied/*rest');
  }
}

describePlatforms('an Express application mounted as a middleware', (platform) => {
  const inside = applicationInside();
  const server = serve(platform, OutsideModule, spy, {
    configure: (app) =>
      app.use('/called', ((request, response, next) => inside(request, response, next)) satisfies Middleware),
  });

  for (const below of ['/applied', '/called']) {
    it.each([
      ['answers', { 'X-Answer': '1' }, 'inside'],
      ['passes the request on to the handler', {}, 'handler'],
    ])(`mounted below ${below} sends its own CORS headers when it %s`, async (_title, headers, ran) => {
      const ask = (path: string, Origin: string) =>
        server.outcome({ path: `${below}${path}`, headers: { ...headers, Origin } });
      expect(await ask('/open', APP)).toEqual({
        status: 200,
        headers: { 'access-control-allow-origin': APP, vary: 'Origin' },
        ran: [ran],
      });
      expect(await ask('/open', EVIL)).toEqual({ status: 200, headers: { vary: 'Origin' }, ran: [ran] });
      expect(await ask('/disabled', APP)).toEqual({ status: 200, headers: {}, ran: [ran] });
    });
  }
});
