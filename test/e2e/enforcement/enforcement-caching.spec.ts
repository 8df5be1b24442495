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
import { headerValues } from '../../support/http-message.js';
import { describePlatforms, type ServedApp, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/raw-request.js';

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

/** Writes its own head: with an object, and with a list. */
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

/** Its methods have no guard, so that Nest sets `@Header()` before the request is refused. */
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

/** Preflights cannot tell the versions apart, so that the actual requests of both are enforced. */
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

describePlatforms('the responses of a policy that enforces', (platform) => {
  const server = serve(platform, EnforcingModule, spy);
  const ask = (path: string, origin?: string, method = 'GET') =>
    told(server, { method, path, headers: { Origin: origin } });

  it.each([
    ['header', ['public, max-age=60']],
    ['interceptor', ['public, max-age=60']],
    ['filter', []],
    ['list', []],
    ['scoped', ['public, max-age=60']],
  ])('vary by Origin, and a refusal is not stored: /handlers/%s', async (name, own) => {
    const path = `/handlers/${name}`;
    expect(await ask(path, EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask(path, 'null')).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask(path, APP)).toEqual([200, [APP], ['Origin'], own]);
    expect(await ask(path)).toEqual([200, [], ['Origin'], own]);
  });

  it('keep the names that a filter varies by', async () => {
    expect(await ask('/handlers/raw', EVIL)).toEqual([403, [], ['Accept, Origin'], ['no-store']]);
  });

  it('vary by Origin where a handler or a path is disabled', async () => {
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

  it('vary by Origin where a URL could mean a path that enforces', async () => {
    expect(await ask('/anyone/%2e%2e/closed', EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('/anyone/%2e%2e/closed')).toEqual([404, [], ['Origin'], []]);
  });

  it('do not vary where the method is not enforced', async () => {
    expect(await ask('/unsafe', EVIL)).toEqual([200, [], [], []]);
    expect(await ask('/unsafe')).toEqual([200, [], [], []]);
    expect(await ask('/unsafe', EVIL, 'POST')).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('/unsafe', undefined, 'POST')).toEqual([200, [], ['Origin'], []]);
  });

  it('do not vary where every origin is allowed', async () => {
    for (const path of ['/handlers/anyone', '/anyone/page']) {
      const status = path === '/handlers/anyone' ? 200 : 404;
      expect(await ask(path, EVIL)).toEqual([status, ['*'], [], []]);
      expect(await ask(path)).toEqual([status, ['*'], [], []]);
    }
  });

  it('can be stored where a path does not enforce', async () => {
    expect(await ask('/free/page', EVIL)).toEqual([404, [], ['Origin'], []]);
  });

  it('vary by Origin where the request is exempt', async () => {
    const headers = { Origin: EVIL, 'Sec-Fetch-Site': 'same-origin' };
    expect(await told(server, { path: '/handlers/disabled', headers })).toEqual([200, [], ['Origin'], []]);
  });
});

describePlatforms('the responses of versions that no preflight can tell apart', (platform) => {
  const server = serve(platform, VersionsModule, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
  });
  const ask = (version: string, origin?: string, path = '/versions') =>
    told(server, { path, headers: { Origin: origin, 'X-Version': version } });

  it('vary by Origin where a request can be refused', async () => {
    expect(await ask('1', EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('1')).toEqual([200, [], ['Origin'], []]);
    expect(await ask('3', EVIL)).toEqual([403, [], ['Origin'], ['no-store']]);
    expect(await ask('3')).toEqual([200, [], ['Origin'], []]);
    expect(await ask('2', EVIL)).toEqual([200, ['*'], [], []]);
  });

  it('do not vary elsewhere', async () => {
    expect(await ask('1', EVIL, '/versions/other')).toEqual([200, [], [], []]);
  });
});
