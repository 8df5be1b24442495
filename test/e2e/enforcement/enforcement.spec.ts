import { describe, expect, it } from '@jest/globals';
import {
  type ArgumentMetadata,
  Body,
  Controller,
  Delete,
  Get,
  Head,
  HttpCode,
  Module,
  Options,
  Patch,
  Post,
  Put,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, serve } from '../../support/platforms.js';
import { APP, EVIL, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

const spyingGuard = {
  canActivate: () => {
    spy.ran('guard');
    return true;
  },
};
const spyingPipe = {
  transform: (value: unknown, _metadata: ArgumentMetadata) => {
    spy.ran('pipe');
    return value;
  },
};

@Controller('unsafe')
class UnsafeMethodsController {
  @Get() list() {
    return spy.ran('get');
  }
  @Head('head') head() {
    spy.ran('head');
  }
  @Options() @HttpCode(200) options() {
    return spy.ran('options');
  }
  @Post() @HttpCode(200) create() {
    return spy.ran('post');
  }
  @Put() replace() {
    return spy.ran('put');
  }
  @Patch() change() {
    return spy.ran('patch');
  }
  @Delete() remove() {
    return spy.ran('delete');
  }
  @UseGuards(spyingGuard) @Post('order') order(@Body(spyingPipe) _body: unknown) {
    return spy.ran('order');
  }
  @Cors({ enforce: false }) @Post('exempted') @HttpCode(200) exempted() {
    return spy.ran('exempted');
  }
  @DisableCors() @Post('disabled') @HttpCode(200) disabled() {
    return spy.ran('disabled');
  }
  @Cors({ origin: '*' }) @Post('anyone') @HttpCode(200) anyone() {
    return spy.ran('anyone');
  }
}

@Cors({ enforce: 'all' })
@Controller('all')
class AllMethodsController {
  @Get() list() {
    return spy.ran('get');
  }
  @Post() @HttpCode(200) create() {
    return spy.ran('post');
  }
  @Options() @HttpCode(200) options() {
    return spy.ran('options');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], enforce: 'unsafe-methods' })],
  controllers: [UnsafeMethodsController, AllMethodsController],
})
class EnforcingModule {}

const REFUSED: Outcome = { status: 403, headers: { vary: 'Origin' }, ran: [] };
const bare = (handler: string): Outcome => ({ status: 200, headers: { vary: 'Origin' }, ran: [handler] });
const shared = (handler: string): Outcome => ({
  status: 200,
  headers: { 'access-control-allow-origin': APP, vary: 'Origin' },
  ran: [handler],
});

describePlatforms('a policy', (platform) => {
  const server = serve(platform, EnforcingModule, spy);
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    server.outcome({ method, path, headers });

  describe("with enforce: 'unsafe-methods'", () => {
    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
      'returns 403 to %s from a refused origin before the handler runs',
      async (method) => {
        expect(await send(method, '/unsafe', { Origin: EVIL })).toEqual(REFUSED);
        expect(await send(method, '/unsafe', { Origin: APP })).toEqual(shared(method.toLowerCase()));
      },
    );

    it.each([
      ['GET', '/unsafe', 'get'],
      ['HEAD', '/unsafe', 'get'],
      ['HEAD', '/unsafe/head', 'head'],
      ['OPTIONS', '/unsafe', 'options'],
    ])('serves %s %s to a refused origin without CORS headers', async (method, path, handler) => {
      expect(await send(method, path, { Origin: EVIL })).toEqual(bare(handler));
    });

    it('refuses a request after the guards and before the pipes', async () => {
      const request = { method: 'POST', path: '/unsafe/order' };
      expect(await server.outcome({ ...request, headers: { Origin: EVIL } })).toEqual({ ...REFUSED, ran: ['guard'] });
      expect((await server.outcome({ ...request, headers: { Origin: APP } })).ran).toEqual(['guard', 'pipe', 'order']);
    });

    it('serves a refused origin if the handler sets enforce: false', async () => {
      expect(await send('POST', '/unsafe/exempted', { Origin: EVIL })).toEqual(bare('exempted'));
    });

    it('is also enforced on a disabled route, which refuses every origin', async () => {
      for (const origin of [APP, EVIL]) {
        expect(await send('POST', '/unsafe/disabled', { Origin: origin })).toEqual({
          status: 403,
          headers: { vary: 'Origin' },
          ran: [],
        });
      }
      expect(await send('POST', '/unsafe/disabled')).toEqual(bare('disabled'));
    });

    it('refuses no request if every origin is allowed', async () => {
      const headers = { 'access-control-allow-origin': '*' };
      for (const origin of [EVIL, 'null']) {
        expect(await send('POST', '/unsafe/anyone', { Origin: origin })).toEqual({
          status: 200,
          headers,
          ran: ['anyone'],
        });
      }
    });

    it('is not enforced on a path without a handler', async () => {
      expect(await send('POST', '/none', { Origin: EVIL })).toEqual({
        status: 404,
        headers: { vary: 'Origin' },
        ran: [],
      });
    });
  });

  describe("with enforce: 'all'", () => {
    it.each(['GET', 'POST', 'OPTIONS'])('returns 403 to %s from a refused origin', async (method) => {
      expect(await send(method, '/all', { Origin: EVIL })).toEqual(REFUSED);
      expect(await send(method, '/all', { Origin: APP })).toEqual(shared(method.toLowerCase()));
    });

    it('returns 403 to HEAD if the GET handler enforces', async () => {
      expect(await send('HEAD', '/all', { Origin: EVIL })).toEqual(REFUSED);
    });
  });

  it('with enforcement answers preflights as one without', async () => {
    expect(await server.outcome(preflight(EVIL, 'POST', '/all'))).toEqual(REFUSED_PREFLIGHT);
    expect((await server.outcome(preflight(APP, 'POST', '/all'))).status).toBe(204);
  });
});

const countingInterceptor = {
  intercept: (_context: unknown, next: { handle(): unknown }) => {
    spy.ran('interceptor');
    return next.handle();
  },
};

@UseInterceptors(countingInterceptor as never)
@Controller('ordinary')
class OrdinaryController {
  @Post() @HttpCode(200) create() {
    return spy.ran('post');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP] })],
  controllers: [OrdinaryController],
  providers: [{ provide: APP_INTERCEPTOR, useValue: countingInterceptor }],
})
class OrdinaryModule {}

describePlatforms('a policy without enforcement', (platform) => {
  const server = serve(platform, OrdinaryModule, spy);

  it('serves a refused POST without CORS headers, and interceptors run', async () => {
    const outcome = await server.outcome({ method: 'POST', path: '/ordinary', headers: { Origin: EVIL } });
    expect(outcome).toEqual({ status: 200, headers: { vary: 'Origin' }, ran: ['interceptor', 'interceptor', 'post'] });
  });
});
