import { expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  Module,
  type NestInterceptor,
  Post,
  Scope,
  UseFilters,
  UseInterceptors,
  Version,
  VersioningType,
} from '@nestjs/common';
import { Cors, CorsForbiddenException, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type ServedApp, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { headerValues } from '../../support/requests/http-message.js';
import type { RawRequest } from '../../support/requests/raw-request.js';

const spy = new HandlerSpy();

interface Reply {
  header(name: string, value: string): Reply;
  status(code: number): { send(body: string): unknown };
  readonly raw?: RawReply;
}
interface RawReply {
  writeHead(status: number, headers: object | readonly string[]): { end(): unknown };
}

const cachingInterceptor: NestInterceptor = {
  intercept: (context: ExecutionContext, next: CallHandler) => {
    context.switchToHttp().getResponse<Reply>().header('Cache-Control', 'public, max-age=60');
    return next.handle();
  },
};

@Catch(CorsForbiddenException)
class CachingFilter implements ExceptionFilter {
  catch(_exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<Reply>();
    reply.header('Cache-Control', 'public, max-age=60').status(403).send('no');
  }
}

/** Writes the response itself, with headers as an object or as a list. */
function rawFilter(headers: object | readonly string[]): ExceptionFilter {
  @Catch(CorsForbiddenException)
  class RawFilter implements ExceptionFilter {
    catch(_exception: unknown, host: ArgumentsHost): void {
      const reply = host.switchToHttp().getResponse<Reply & RawReply & { hijack?(): void }>();
      reply.hijack?.();
      (reply.raw ?? reply).writeHead(403, headers).end();
    }
  }
  return new RawFilter();
}

@Cors({ enforce: 'all' })
@Controller('handlers')
class HandlersController {
  @Header('Cache-Control', 'public, max-age=60') @Get('header') header() {
    return spy.ran('header');
  }
  @UseInterceptors(cachingInterceptor) @Get('interceptor') interceptor() {
    return spy.ran('interceptor');
  }
  @UseFilters(CachingFilter) @Get('filter') filter() {
    return spy.ran('filter');
  }
  @UseFilters(rawFilter({ 'cache-control': 'public', Vary: 'Accept' })) @Get('raw') raw() {
    return spy.ran('raw');
  }
  @UseFilters(rawFilter(['Cache-Control', 'public'])) @Get('list') list() {
    return spy.ran('list');
  }
  @DisableCors() @Get('disabled') disabled() {
    return spy.ran('disabled');
  }
  @Cors({ origin: '*' }) @Get('anyone') anyone() {
    return spy.ran('anyone');
  }
}

/** Its methods have no guard, so Nest sets `@Header()` before the request is refused. */
@Cors({ enforce: 'all' })
@Controller({ path: 'handlers/scoped', scope: Scope.REQUEST })
class ScopedController {
  constructor() {
    const { header } = this;
    this.header = header.bind(this);
    Reflect.defineMetadata('__headers__', Reflect.getMetadata('__headers__', header), this.header);
  }
  @Header('Cache-Control', 'public, max-age=60') @Get() header() {
    return spy.ran('scoped');
  }
}

@Cors({ enforce: 'unsafe-methods' })
@Controller('unsafe')
class UnsafeController {
  @DisableCors() @Get() get() {
    return spy.ran('get');
  }
  @DisableCors() @Post() @HttpCode(200) post() {
    return spy.ran('post');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      enforce: 'all',
      paths: [
        { path: '/closed', policy: false },
        { path: '/anyone', policy: { origin: '*' } },
        { path: '/free', policy: { origin: [APP], enforce: false } },
      ],
    }),
  ],
  controllers: [HandlersController, ScopedController, UnsafeController],
})
class EnforcingModule {}

/** Preflights cannot distinguish these versions, so both are enforced on actual requests. */
@Controller('versions')
class VersionsController {
  @Version('1') @Get() untouched() {
    return spy.ran('untouched');
  }
  @Cors({ origin: '*' }) @Version('2') @Get() anyone() {
    return spy.ran('anyone');
  }
  @Version('1') @Get('other') other() {
    return spy.ran('other');
  }
  @DisableCors() @Version('3') @Get() disabled() {
    return spy.ran('disabled');
  }
}

@Module({ imports: [CorsModule.forRoot()], controllers: [VersionsController] })
class VersionsModule {}

type Told = [status: number, allowOrigin: string[], vary: string[], cacheControl: string[]];

async function told(server: ServedApp, request: RawRequest): Promise<Told> {
  const response = await server.request(request);
  const values = (name: string) => headerValues(response, name);
  return [response.status, values('access-control-allow-origin'), values('vary'), values('cache-control')];
}

describePlatforms('a response under an enforced policy', (platform) => {
  const server = serve(platform, EnforcingModule, spy);
  const ask = (path: string, origin?: string, method = 'GET') =>
    told(server, { method, path, headers: { Origin: origin } });

  it.each([
    ['header', ['public, max-age=60']],
    ['interceptor', ['public, max-age=60']],
    ['filter', []],
    ['list', []],
    ['scoped', ['public, max-age=60']],
  ])('has Vary: Origin, and a refusal has Cache-Control: no-store (/handlers/%s)', async (name, own) => {
    const path = `/handlers/${name}`;
    expect(await ask(path, EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask(path, 'null')).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask(path, APP)).toEqual([200, [APP], ['Origin'], own]);
    expect(await ask(path)).toEqual([200, [], ['Origin'], own]);
  });

  it('keeps the Vary names of an exception filter', async () => {
    expect(await ask('/handlers/raw', EVIL)).toEqual([403, [], ['Accept, Origin'], ['no-store']]);
  });

  it('has Vary: Origin if the handler or the path is disabled', async () => {
    for (const [path, status] of [
      ['/handlers/disabled', 200],
      ['/closed/page', 404],
    ] as const) {
      for (const origin of [EVIL, APP]) {
        expect(await ask(path, origin)).toEqual([403, [], ['Origin'], ['no-store']]);
      }
      expect(await ask(path)).toEqual([status, [], ['Origin'], []]);
    }
  });

  it('has Vary: Origin if the URL could match an enforced path', async () => {
    expect(await ask('/anyone/%2e%2e/closed', EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('/anyone/%2e%2e/closed')).toEqual([404, [], ['Origin'], []]);
  });

  it('has no Vary: Origin if the policy does not enforce the method', async () => {
    expect(await ask('/unsafe', EVIL)).toEqual([200, [], [], []]);
    expect(await ask('/unsafe')).toEqual([200, [], [], []]);
    expect(await ask('/unsafe', EVIL, 'POST')).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('/unsafe', undefined, 'POST')).toEqual([200, [], ['Origin'], []]);
  });

  it('has no Vary: Origin if every origin is allowed', async () => {
    for (const path of ['/handlers/anyone', '/anyone/page']) {
      const status = path === '/handlers/anyone' ? 200 : 404;
      expect(await ask(path, EVIL)).toEqual([status, ['*'], [], []]);
      expect(await ask(path)).toEqual([status, ['*'], [], []]);
    }
  });

  it('may be cached if the policy of the path is not enforced', async () => {
    expect(await ask('/free/page', EVIL)).toEqual([404, [], ['Origin'], []]);
  });

  it('has Vary: Origin if the request is exempt', async () => {
    const headers = { Origin: EVIL, 'Sec-Fetch-Site': 'same-origin' };
    expect(await told(server, { path: '/handlers/disabled', headers })).toEqual([200, [], ['Origin'], []]);
  });
});

describePlatforms('a response of a route with versions that preflights cannot distinguish', (platform) => {
  const server = serve(platform, VersionsModule, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
  });
  const ask = (version: string, origin?: string, path = '/versions') =>
    told(server, { path, headers: { Origin: origin, 'X-Version': version } });

  it('has Vary: Origin if the request could be refused', async () => {
    expect(await ask('1', EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('1')).toEqual([200, [], ['Origin'], []]);
    expect(await ask('3', EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('3')).toEqual([200, [], ['Origin'], []]);
    expect(await ask('2', EVIL)).toEqual([200, ['*'], [], []]);
  });

  it('has no Vary: Origin if no request can be refused', async () => {
    expect(await ask('1', EVIL, '/versions/other')).toEqual([200, [], [], []]);
  });
});
