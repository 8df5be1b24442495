import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type INestApplication,
  Module,
  Post,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Cors, CorsForbiddenException, CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Platform, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

/** Removes every header and writes the response itself, the worst case of an application's own filter. */
function answer(host: ArgumentsHost, filter: string, exception: unknown): void {
  const response = host.switchToHttp().getResponse();
  const raw: ServerResponse = response.raw ?? response;
  for (const name of raw.getHeaderNames()) {
    raw.removeHeader(name);
  }
  const body = JSON.stringify({ filter, caught: (exception as Error).constructor.name });
  raw.writeHead(418, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' }).end(body);
}

@Catch()
class CatchAllFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    answer(host, 'all', exception);
  }
}

@Catch(HttpException)
class HttpFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    answer(host, 'http', exception);
  }
}

@Catch(CorsForbiddenException)
class RefusalFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    answer(host, 'refusal', exception);
  }
}

@Cors({ origin: [ADMIN] })
@Controller('fails')
class FailingController {
  @Get() fail() {
    spy.ran('fail');
    throw new HttpException('expected', 409);
  }
  @Get('error') error() {
    spy.ran('error');
    throw new TypeError('expected');
  }
  @UseFilters(HttpFilter) @Get('own-filter') ownFilter() {
    spy.ran('own filter');
    throw new HttpException('expected', 409);
  }
  @Cors({ enforce: 'all' }) @Post('enforced') enforced() {
    spy.ran('enforced');
  }
}

const cors = CorsModule.forRoot({ origin: [APP], credentials: true });

@Module({ imports: [cors], controllers: [FailingController] })
class PlainModule {}

@Module({
  imports: [cors],
  controllers: [FailingController],
  providers: [{ provide: APP_FILTER, useClass: CatchAllFilter }],
})
class AppFilterModule {}

@Controller('fails')
class RefusingController {
  @Post('enforced') refuse() {
    throw new CorsForbiddenException('origin-not-allowed', 'RefusingController.refuse');
  }
}

/** Enforces nothing, so CorsModule adds no filter. */
@Module({ imports: [cors], controllers: [RefusingController] })
class UnenforcedModule {}

@Module({
  imports: [cors],
  controllers: [FailingController],
  providers: [{ provide: APP_FILTER, useClass: RefusalFilter }],
})
class RefusalFilterModule {}

interface Case {
  readonly path: string;
  readonly method?: string;
  readonly origin: string;
}

function suite(platform: Platform, module: typeof PlainModule, configure?: (app: INestApplication) => unknown) {
  const server = serve(platform, module, spy, { configure });
  return async ({ path, method, origin }: Case) => {
    const response = await server.request({ method, path, headers: { Origin: origin } });
    const body = response.text.startsWith('{') ? JSON.parse(response.text) : response.text;
    return { status: response.status, headers: corsHeaders(response), body };
  };
}

const allowed = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});
const bare = { vary: 'Origin' };
const forbidden = {
  statusCode: 403,
  message: 'Cross-origin request refused',
  error: 'Forbidden',
  code: 'cors-forbidden',
};

for (const [title, module, configure] of [
  ['a catch-all APP_FILTER', AppFilterModule, undefined],
  ['a catch-all global filter', PlainModule, (app: INestApplication) => app.useGlobalFilters(new CatchAllFilter())],
] as const) {
  describePlatforms(`${title} that clears headers`, (platform) => {
    const ask = suite(platform, module, configure);

    it.each([
      ['/fails', 'HttpException'],
      ['/fails/error', 'TypeError'],
    ])('receives the error, and the response keeps its CORS headers: %s', async (path, caught) => {
      const body = { filter: 'all', caught };
      expect(await ask({ path, origin: ADMIN })).toEqual({ status: 418, headers: allowed(ADMIN), body });
      expect(await ask({ path, origin: APP })).toEqual({ status: 418, headers: bare, body });
    });

    it('receives the 404 of a path without a handler, with the application-wide policy', async () => {
      const body = { filter: 'all', caught: 'NotFoundException' };
      expect(await ask({ path: '/none', origin: APP })).toEqual({ status: 418, headers: allowed(APP), body });
      expect(await ask({ path: '/none', origin: ADMIN })).toEqual({ status: 418, headers: bare, body });
    });
  });
}

describePlatforms('an exception filter on a handler', (platform) => {
  const ask = suite(platform, PlainModule);

  it('receives the error, and the response keeps its CORS headers', async () => {
    const body = { filter: 'http', caught: 'HttpException' };
    const path = '/fails/own-filter';
    expect(await ask({ path, origin: ADMIN })).toEqual({ status: 418, headers: allowed(ADMIN), body });
    expect(await ask({ path, origin: EVIL })).toEqual({ status: 418, headers: bare, body });
  });
});

describePlatforms('a request refused by enforcement', (platform) => {
  const refused = { path: '/fails/enforced', method: 'POST', origin: EVIL };

  describe('in an application without an exception filter', () => {
    const ask = suite(platform, PlainModule);
    const askUnenforced = suite(platform, UnenforcedModule);

    it('gets a 403 with a plain JSON body and no CORS headers', async () => {
      spy.take();
      expect(await ask(refused)).toEqual({ status: 403, headers: bare, body: forbidden });
      expect(spy.take()).toEqual([]);
    });

    it('gets the same response if a handler throws CorsForbiddenException', async () => {
      expect(await askUnenforced(refused)).toEqual({ status: 403, headers: bare, body: forbidden });
    });

    it('does not change the response to other errors', async () => {
      const response = await ask({ path: '/fails', origin: ADMIN });
      expect(response).toEqual({
        status: 409,
        headers: allowed(ADMIN),
        body: { statusCode: 409, message: 'expected' },
      });
    });
  });

  describe('in an application with a filter for CorsForbiddenException', () => {
    const ask = suite(platform, RefusalFilterModule);

    it('gets the response of that filter, without CORS headers', async () => {
      const body = { filter: 'refusal', caught: 'CorsForbiddenException' };
      expect(await ask(refused)).toEqual({ status: 418, headers: bare, body });
    });
  });

  describe('in an application with a global catch-all filter', () => {
    const ask = suite(platform, PlainModule, (app) => app.useGlobalFilters(new CatchAllFilter()));

    it('gets the response of that filter, without CORS headers', async () => {
      spy.take();
      const body = { filter: 'all', caught: 'CorsForbiddenException' };
      expect(await ask(refused)).toEqual({ status: 418, headers: bare, body });
      expect(spy.take()).toEqual([]);
    });
  });
});
