import { describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  type CallHandler,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  Header,
  HostParam,
  HttpCode,
  Inject,
  Injectable,
  type NestInterceptor,
  Next,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Redirect,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { delay, map, of, throwError } from 'rxjs';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, type Platform } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();
const asAdmin = { allows: ADMIN, refuses: APP };

const refusing = { canActivate: () => false };
const upperCase = { transform: (value: string) => value.toUpperCase() };
const wrapping: NestInterceptor = { intercept: (_context, next) => next.handle().pipe(map((data) => ({ data }))) };
const replacing: NestInterceptor = { intercept: () => of('replaced') };
const filtering = {
  catch: (_error: unknown, host: ExecutionContext) =>
    host.switchToHttp().getResponse().status(418).header('X-Filter', 'local').send('filtered'),
};

interface PlatformResponse {
  status(code: number): PlatformResponse;
  header(name: string, value: string): PlatformResponse;
  send(body: unknown): unknown;
}

@Injectable()
class Users {
  async find(id: string) {
    return { id };
  }
}

const parts: Parts = (cors) => {
  @Injectable()
  class UserPipe {
    readonly #users: Users;
    constructor(@Inject(Users) users: Users) {
      this.#users = users;
    }
    transform(id: string) {
      return this.#users.find(id);
    }
  }

  @cors({ origin: [ADMIN] })
  @Controller('hello')
  class HelloController {
    @Header('X-Handler', 'hello') @Get() hello() {
      return spy.ran('hello');
    }
    @Get('async') async later() {
      return spy.ran('async');
    }
    @Get('stream') stream() {
      return of(spy.ran('stream')).pipe(delay(1));
    }
    @Get('users/:id') user(@Param('id', UserPipe) user: unknown) {
      spy.ran('user');
      return user;
    }
    @UsePipes(upperCase) @Get('pipe') pipe(@Query('name') name: string) {
      return spy.ran(name);
    }
    @Get('number/:n') number(@Param('n', ParseIntPipe) n: number) {
      spy.ran('number');
      return { n };
    }
    @HttpCode(202) @Post('accepted') accepted() {
      return spy.ran('accepted');
    }
    @Redirect('/hello', 301) @Get('redirect') redirect() {
      spy.ran('redirect');
    }
    @UseGuards(refusing) @Get('guarded') guarded() {
      return spy.ran('not reached');
    }
    @UseInterceptors(wrapping) @Get('wrapped') wrapped() {
      return spy.ran('wrapped');
    }
    @UseInterceptors(replacing) @Get('replaced') replaced() {
      return spy.ran('not reached');
    }
    @UseFilters(filtering) @Delete('filtered') filtered() {
      spy.ran('filtered');
      throw new BadRequestException();
    }
    @Get('error') error() {
      spy.ran('error');
      throw new Error('not shown');
    }
    @Get('stream-error') streamError() {
      spy.ran('stream-error');
      return throwError(() => new BadRequestException('in a stream'));
    }
    @Get('response') response(@Res() response: PlatformResponse) {
      spy.ran('response');
      response.status(203).header('X-Own', 'yes').send('own');
    }
    @Get('next') next(@Next() next: () => void) {
      spy.ran('next');
      next();
    }
  }

  @Controller({ host: ':tenant.example.com', path: 'host' })
  class HostController {
    @Get() get(@HostParam('tenant') tenant: string) {
      return spy.ran(`host of ${tenant}`);
    }
  }
  return { controllers: [HelloController, HostController], providers: [Users] };
};

describePlatforms('a hello world application', (platform) => {
  const twins = serveTwins(platform, parts, spy);

  it.each([
    ['/hello', 'hello'],
    ['/hello/async', 'async'],
    ['/hello/stream', 'stream'],
    ['/hello/pipe?name=ann', 'ANN'],
  ])('answers GET %s', async (path, body) => {
    await twins.expectSame({ path }, { ...asAdmin, status: 200, ran: [body], body });
  });

  it('answers HEAD for GET handlers', async () => {
    const headers = { 'x-handler': 'hello', 'content-length': '5' };
    await twins.expectSame(
      { method: 'HEAD', path: '/hello' },
      { ...asAdmin, status: 200, ran: ['hello'], body: '', headers },
    );
  });

  it('resolves parameters with injected and built-in pipes', async () => {
    await twins.expectSame({ path: '/hello/users/7' }, { ...asAdmin, status: 200, ran: ['user'], body: '{"id":"7"}' });
    await twins.expectSame({ path: '/hello/number/7' }, { ...asAdmin, status: 200, ran: ['number'], body: '{"n":7}' });
    await twins.expectSame({ path: '/hello/number/x' }, { ...asAdmin, status: 400, ran: [], body: /numeric string/ });
  });

  it('keeps statuses and redirects', async () => {
    await twins.expectSame({ method: 'POST', path: '/hello/accepted' }, { ...asAdmin, status: 202, ran: ['accepted'] });
    const headers = { location: '/hello' };
    await twins.expectSame({ path: '/hello/redirect' }, { ...asAdmin, status: 301, ran: ['redirect'], headers });
  });

  it('applies local guards, interceptors and filters', async () => {
    await twins.expectSame(
      { path: '/hello/guarded' },
      { ...asAdmin, status: 403, ran: [], body: /Forbidden resource/ },
    );
    const wrapped = { ...asAdmin, status: 200, ran: ['wrapped'], body: '{"data":"wrapped"}' };
    await twins.expectSame({ path: '/hello/wrapped' }, wrapped);
    await twins.expectSame({ path: '/hello/replaced' }, { ...asAdmin, status: 200, ran: [], body: 'replaced' });
    const filtered = { ...asAdmin, status: 418, ran: ['filtered'], body: 'filtered', headers: { 'x-filter': 'local' } };
    await twins.expectSame({ method: 'DELETE', path: '/hello/filtered' }, filtered);
  });

  it('answers errors that handlers and streams throw', async () => {
    const error = { ...asAdmin, status: 500, ran: ['error'], body: /Internal server error/ };
    await twins.expectSame({ path: '/hello/error' }, error);
    const inStream = { ...asAdmin, status: 400, ran: ['stream-error'], body: /in a stream/ };
    await twins.expectSame({ path: '/hello/stream-error' }, inStream);
  });

  it('answers with the response of the platform', async () => {
    const expected = { ...asAdmin, status: 203, ran: ['response'], body: 'own', headers: { 'x-own': 'yes' } };
    await twins.expectSame({ path: '/hello/response' }, expected);
  });

  it('answers a path without a handler with the application-wide policy', async () => {
    await twins.expectSame({ path: '/absent' }, { status: 404, ran: [], body: /Cannot GET \/absent/ });
    await twins.expectSame({ method: 'PUT', path: '/absent' }, { status: 404, ran: [], body: /Cannot PUT \/absent/ });
  });

  it('serves the host of a controller only', async () => {
    const headers = { Host: 'acme.example.com' };
    expect((await twins.served.request({ path: '/host', headers })).text).toBe('host of acme');
    spy.take();
    await twins.expectSame({ path: '/host' }, { status: 404, ran: [], body: /Cannot GET \/host/ });
  });
});

describe('a handler of an Express application that calls next()', () => {
  const [express] = PLATFORMS as [Platform];
  const twins = serveTwins(express, parts, spy);

  it('leaves the answer to the not-found handler', async () => {
    await twins.expectSame({ path: '/hello/next' }, { ...asAdmin, status: 404, ran: ['next'], body: /Cannot GET/ });
  });
});

const globalParts: Parts = (cors) => {
  @cors({ origin: [ADMIN] })
  @Controller('global')
  class GlobalController {
    @Get() get(@Query('name') name: string) {
      if (name === 'BROKEN') {
        throw new Error(name);
      }
      return spy.ran(name);
    }
  }
  const noting: NestInterceptor = {
    intercept: (_context: ExecutionContext, next: CallHandler) => {
      spy.ran('interceptor');
      return next.handle().pipe(map((data) => ({ data })));
    },
  };
  const guard = {
    canActivate: (context: ExecutionContext) => {
      spy.ran('guard');
      return context.switchToHttp().getRequest().query.name !== 'eve';
    },
  };
  return {
    controllers: [GlobalController],
    providers: [
      { provide: APP_GUARD, useValue: guard },
      { provide: APP_INTERCEPTOR, useValue: noting },
      { provide: APP_PIPE, useValue: { transform: (value: string) => value?.toUpperCase() } },
      { provide: APP_FILTER, useValue: filtering },
    ],
  };
};

describePlatforms('an application with global enhancers', (platform) => {
  const twins = serveTwins(platform, globalParts, spy);

  it('runs them in their order', async () => {
    await twins.expectSame(
      { path: '/global?name=ann' },
      { ...asAdmin, status: 200, ran: ['guard', 'interceptor', 'ANN'], body: '{"data":"ANN"}' },
    );
  });

  it('sends the answers of its guard and filter', async () => {
    const filtered = { ...asAdmin, status: 418, body: 'filtered', headers: { 'x-filter': 'local' } };
    await twins.expectSame({ path: '/global?name=eve' }, { ...filtered, ran: ['guard'] });
    await twins.expectSame({ path: '/global?name=broken' }, { ...filtered, ran: ['guard', 'interceptor'] });
    await twins.expectSame({ path: '/absent' }, { status: 418, ran: [], body: 'filtered' });
  });
});
