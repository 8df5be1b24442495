import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  HttpException,
  Module,
  Post,
  Res,
  UnauthorizedException,
  UseGuards,
  Version,
  VersioningType,
} from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { openPage, type Page } from 'nestjs-cors/testing';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { describePlatforms, serve } from '../../../support/platforms.js';
import { ADMIN, APP, EVIL, PARTNER } from '../../../support/policy-statement.js';

const spy = new HandlerSpy();

function refusing(exception: HttpException): CanActivate {
  return {
    canActivate: () => {
      throw exception;
    },
  };
}

interface Reply {
  header(name: string, value: string): Reply;
  status(code: number): Reply;
  send(body: string): unknown;
}

@Controller('orders')
class OrdersController {
  @Version('1') @Get() first() {
    return spy.ran('first');
  }
  @Cors({ origin: [ADMIN] }) @Version('2') @Get() second() {
    return spy.ran('second');
  }
  @UseGuards(refusing(new UnauthorizedException())) @Get('unauthorized') unauthorized() {
    return spy.ran('unauthorized');
  }
  @UseGuards(refusing(new ForbiddenException())) @Delete('forbidden') forbidden() {
    return spy.ran('forbidden');
  }
  @Get('teapot') teapot() {
    spy.ran('teapot');
    throw new HttpException('short and stout', 418);
  }
  @Get('fails') fails() {
    spy.ran('fails');
    throw new Error('expected');
  }
  @Cors({ enforce: 'all' }) @Post('enforced') enforced() {
    return spy.ran('enforced');
  }
  @DisableCors() @Get('disabled') disabled() {
    return spy.ran('disabled');
  }
  @Cors('untouched') @Get('own') own(@Res() reply: Reply) {
    spy.ran('own');
    reply.header('Access-Control-Allow-Origin', EVIL).status(200).send('own');
  }
  @Cors({ origin: (origin: string) => Promise.resolve(origin === PARTNER) }) @Delete('partner') partner() {
    return spy.ran('partner');
  }
  @Post('json') json() {
    return spy.ran('json');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [OrdersController] })
class OrdersModule {}

interface Seen {
  readonly status: number | string;
  readonly ran: readonly string[];
}

/** The status that the page reads, or the step that fails, and the handlers that ran. */
async function seen(page: Page, path: string, init?: RequestInit): Promise<Seen> {
  spy.take();
  const status = await page.fetch(path, init).then(
    (response) => response.status,
    (error: { cors: { step: string } }) => error.cors.step,
  );
  return { status, ran: spy.take() };
}

describePlatforms('a page of an application', (platform) => {
  beforeEach(() => {
    spy.take();
  });

  describe('with a global prefix and versions in the URL', () => {
    const server = serve(platform, OrdersModule, spy, {
      configure: (app) =>
        app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    });
    const open = (origin: string) => openPage(server.running.app, origin);

    it('reads the version that its policy allows', async () => {
      expect(await seen(open(APP), '/api/v1/orders')).toEqual({ status: 200, ran: ['first'] });
      expect(await seen(open(APP), '/api/v2/orders')).toEqual({ status: 'response', ran: ['second'] });
      expect(await seen(open(ADMIN), '/api/v2/orders')).toEqual({ status: 200, ran: ['second'] });
      expect(await seen(open(APP), '/orders')).toEqual({ status: 404, ran: [] });
    });

    it.each<[string, string, RequestInit, Seen]>([
      ['401 of a guard', 'unauthorized', {}, { status: 401, ran: [] }],
      ['403 of a guard, after the preflight', 'forbidden', { method: 'DELETE' }, { status: 403, ran: [] }],
      ['status of an exception', 'teapot', {}, { status: 418, ran: ['teapot'] }],
      ['500 of a failing handler', 'fails', {}, { status: 500, ran: ['fails'] }],
      [
        '400 of a body that is no JSON',
        'json',
        { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
        { status: 400, ran: [] },
      ],
    ])('reads the %s, and other origins do not', async (_name, path, init, expected) => {
      expect(await seen(open(APP), `/api/v1/orders/${path}`, init)).toEqual(expected);
      const { status } = await seen(open(EVIL), `/api/v1/orders/${path}`, init);
      expect(['response', 'preflight']).toContain(status);
    });

    it('does not reach an enforced handler from another origin', async () => {
      const init = { method: 'POST' };
      expect(await seen(open(APP), '/api/v1/orders/enforced', init)).toEqual({ status: 201, ran: ['enforced'] });
      expect(await seen(open(EVIL), '/api/v1/orders/enforced', init)).toEqual({ status: 'enforcement', ran: [] });
      const opaque = await open(EVIL).fetch('/api/v1/orders/enforced', { method: 'POST', mode: 'no-cors' });
      expect([opaque.type, opaque.status, spy.take()]).toEqual(['opaque', 0, []]);
    });

    it('cannot read a disabled handler, although it runs', async () => {
      expect(await seen(open(APP), '/api/v1/orders/disabled')).toEqual({ status: 'response', ran: ['disabled'] });
    });

    it('reads an untouched handler by the headers that it writes itself', async () => {
      expect(await seen(open(EVIL), '/api/v1/orders/own')).toEqual({ status: 200, ran: ['own'] });
      expect(await seen(open(APP), '/api/v1/orders/own')).toEqual({ status: 'response', ran: ['own'] });
    });

    it('has a fetch that the client of an API can use', async () => {
      const { fetch } = open(APP);
      expect((await fetch('/api/v1/orders')).status).toBe(200);
    });

    it('is allowed by a predicate that answers later', async () => {
      const init = { method: 'DELETE' };
      expect(await seen(open(PARTNER), '/api/v1/orders/partner', init)).toEqual({ status: 200, ran: ['partner'] });
      expect(await seen(open(APP), '/api/v1/orders/partner', init)).toEqual({ status: 'preflight', ran: [] });
    });
  });

  describe('with versions in a header', () => {
    const server = serve(platform, OrdersModule, spy, {
      configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
    });

    it('sends a preflight for the header, which needs permission', async () => {
      const page = openPage(server.running.app, APP);
      await expect(page.fetch('/orders', { headers: { 'x-version': '1' } })).rejects.toMatchObject({
        cors: { step: 'preflight', explanation: { missingHeaders: ['x-version'] } },
      });
      expect(spy.take()).toEqual([]);
    });
  });
});
