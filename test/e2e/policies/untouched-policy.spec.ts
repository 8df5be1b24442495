import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { All, Controller, Get, Module, Put, Req, Res, Version, VersioningType } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

/** Answers everything with its own CORS headers, as a proxy, a mounted application or a handler library does. */
function answerWithOwnCors(name: string, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? 'none');
  response.setHeader('Access-Control-Expose-Headers', 'x-own');
  response.setHeader('Vary', 'Accept');
  response.statusCode = request.method === 'OPTIONS' ? 200 : 207;
  response.end(spy.ran(name));
}

type Wrapped = IncomingMessage & { raw?: IncomingMessage };
type WrappedResponse = ServerResponse & { raw?: ServerResponse; hijack?(): void };

@Cors('untouched')
@Controller('library')
class LibraryController {
  @All('upload') upload(@Req() request: Wrapped, @Res() response: WrappedResponse): void {
    response.hijack?.();
    answerWithOwnCors('upload', request.raw ?? request, response.raw ?? response);
  }
  @Cors() @Put('open') open() {
    return spy.ran('open');
  }
  @Cors({ origin: [ADMIN] }) @Put('narrow') narrow() {
    return spy.ran('narrow');
  }
  @Cors({ maxAge: 7 }) @Put('options') options() {
    return spy.ran('options');
  }
  @DisableCors() @Put('off') off() {
    return spy.ran('off');
  }
}

@Cors('partners')
@Controller('mixed')
class MixedController {
  @Put() replace() {
    return spy.ran('mixed');
  }
  @Cors('untouched') @Put('alone') alone() {
    return spy.ran('alone');
  }
}

@Cors({ maxAge: 60 })
@Controller()
class Base {
  @Cors('untouched') @Get('inherited') inherited() {
    return spy.ran('inherited');
  }
}

@Controller('sub')
class SubController extends Base {}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      enforce: 'all',
      policies: { partners: { origin: [ADMIN], enforce: 'all' } },
      paths: [
        { path: '/proxy', policy: 'untouched' },
        { path: '/proxy/ours', policy: {} },
      ],
    }),
  ],
  controllers: [LibraryController, MixedController, SubController],
})
class AppModule {}

describePlatforms('an untouched route', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, AppModule, spy, {
    application: { logger: log },
    configure: (app) =>
      app.use('/proxy', (request: IncomingMessage, response: ServerResponse) =>
        answerWithOwnCors('proxy', request, response),
      ),
  });
  const own = (origin: string) => ({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-own',
    vary: 'Accept',
  });

  it('is not reported in the refusal log', async () => {
    // This test must be the first: the log writes each reason and target once a minute.
    log.warnings.length = 0;
    for (const path of ['/proxy', '/library/upload', '/mixed/alone']) {
      await server.outcome(preflight(EVIL, 'PUT', path));
      await server.outcome({ method: 'PUT', path, headers: { Origin: EVIL } });
    }
    expect(log.warnings).toEqual([]);
  });

  it.each([
    ['a path', '/proxy/anything', 'proxy'],
    ['a path itself', '/proxy', 'proxy'],
    ['a controller', '/library/upload', 'upload'],
  ])('on %s keeps the CORS headers of its handler, which also answers preflights', async (_, path, name) => {
    for (const origin of [EVIL, APP, 'null']) {
      expect(await server.outcome(preflight(origin, 'PATCH', path, 'x-any'))).toEqual({
        status: 200,
        headers: own(origin),
        ran: [name],
      });
      expect(await server.outcome({ method: 'PATCH', path, headers: { Origin: origin } })).toEqual({
        status: 207,
        headers: own(origin),
        ran: [name],
      });
    }
    expect(await server.outcome({ path })).toEqual({ status: 207, headers: own('none'), ran: [name] });
  });

  it('gets no CORS headers and is not enforced, even if outer levels set a policy', async () => {
    for (const path of ['/mixed/alone', '/sub/inherited']) {
      const method = path === '/sub/inherited' ? 'GET' : 'PUT';
      const ran = [path === '/sub/inherited' ? 'inherited' : 'alone'];
      for (const headers of [{ Origin: EVIL }, { Origin: APP }, {}]) {
        expect(await server.outcome({ method, path, headers })).toEqual({ status: 200, headers: {}, ran });
      }
      expect(await server.outcome(preflight(ADMIN, method, path))).toEqual({ status: 404, headers: {}, ran: [] });
    }
  });

  it('does not change the policies of its siblings', async () => {
    expect(await server.outcome(preflight(ADMIN, 'PUT', '/mixed'))).toMatchObject({ status: 204 });
    expect(await server.outcome({ method: 'PUT', path: '/mixed', headers: { Origin: EVIL } })).toMatchObject({
      status: 403,
      ran: [],
    });
    expect(await server.outcome(preflight(EVIL, 'PUT', '/proxy/ours'))).toEqual(REFUSED_PREFLIGHT);
    expect(await server.outcome(preflight(APP, 'PUT', '/proxy/ours'))).toMatchObject({ status: 204, ran: [] });
    expect(await server.outcome(preflight(EVIL, 'PUT', '/proxyx'))).toEqual(REFUSED_PREFLIGHT);
  });

  it('on a class is re-opened by a handler decorator that inherits from the module', async () => {
    const refused = { status: 403, headers: { vary: 'Origin' }, ran: [] };
    for (const [name, allows, refuses, maxAge] of [
      ['open', APP, ADMIN, undefined],
      ['narrow', ADMIN, APP, undefined],
      ['options', APP, ADMIN, '7'],
    ] as const) {
      const path = `/library/${name}`;
      const granted = {
        'access-control-allow-origin': allows,
        'access-control-allow-methods': 'PUT',
        ...(maxAge === undefined ? {} : { 'access-control-max-age': maxAge }),
      };
      expect((await server.outcome(preflight(allows, 'PUT', path))).headers).toMatchObject(granted);
      expect(await server.outcome(preflight(refuses, 'PUT', path))).toEqual(REFUSED_PREFLIGHT);
      expect(await server.outcome({ method: 'PUT', path, headers: { Origin: allows } })).toEqual({
        status: 200,
        headers: { 'access-control-allow-origin': allows, vary: 'Origin' },
        ran: [name],
      });
      expect(await server.outcome({ method: 'PUT', path, headers: { Origin: refuses } })).toEqual(refused);
    }
  });

  it('on a class is disabled by a handler decorator, which inherits enforcement', async () => {
    expect(await server.outcome(preflight(APP, 'PUT', '/library/off'))).toEqual(REFUSED_PREFLIGHT);
    const stranger = await server.outcome({ method: 'PUT', path: '/library/off', headers: { Origin: EVIL } });
    expect([stranger.status, stranger.ran]).toEqual([403, []]);
    expect(await server.outcome({ method: 'PUT', path: '/library/off' })).toMatchObject({ status: 200, ran: ['off'] });
  });
});

@Module({
  imports: [CorsModule.forRoot({ paths: [{ path: '/proxy', policy: 'untouched' }] })],
  controllers: [],
})
class WithoutOriginModule {}

describePlatforms('an untouched path of a module without an origin', (platform) => {
  const server = serve(platform, WithoutOriginModule, spy);

  it('gets no CORS headers, and the platform answers its preflights', async () => {
    expect(await server.outcome({ path: '/proxy', headers: { Origin: EVIL } })).toEqual({
      status: 404,
      headers: {},
      ran: [],
    });
    expect(await server.outcome(preflight(EVIL, 'PUT', '/proxy'))).toEqual({ status: 404, headers: {}, ran: [] });
  });
});

@Cors({ origin: [APP] })
@Controller('beside')
class BesideController {
  @Put() replace() {
    return spy.ran('beside');
  }
  @Cors('untouched') @Get() list() {
    return spy.ran('list');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [BesideController] })
class BesideModule {}

describePlatforms('an untouched handler beside an open one of the same URL', (platform) => {
  const server = serve(platform, BesideModule, spy);

  it('makes the preflights of the open one uncacheable', async () => {
    await expectPolicy(server, {
      method: 'PUT',
      path: '/beside',
      handler: 'beside',
      allows: APP,
      refuses: ADMIN,
      maxAge: '0',
    });
    expect(await server.outcome({ path: '/beside', headers: { Origin: APP } })).toEqual({
      status: 200,
      headers: {},
      ran: ['list'],
    });
  });
});

// An optional group and a parameter inside a segment: these paths do not match the URLs of the untouched handlers.
@Cors('untouched')
@Controller()
class OwnCorsController {
  @Put('own') own() {
    return spy.ran('own');
  }
  @Put('own/deep/path') deep() {
    return spy.ran('deep');
  }
}

@Controller()
class OptionalGroupController {
  @Version('1') @Put('file.json{/:part}') file() {
    return spy.ran('file');
  }
  @Version('1') @Put('file-:name/x') named() {
    return spy.ran('named');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP] })],
  controllers: [OwnCorsController, OptionalGroupController],
})
class OptionalGroupModule {}

describePlatforms('an untouched handler beside versions of other URLs', (platform) => {
  const server = serve(platform, OptionalGroupModule, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
  });

  it.each([
    ['/own', 'own'],
    ['/own/deep/path', 'deep'],
  ])('is not enforced: %s', async (path, name) => {
    const headers = { Origin: EVIL };
    expect(await server.outcome({ method: 'PUT', path, headers })).toEqual({ status: 200, headers: {}, ran: [name] });
  });
});

@Controller('versions')
class VersionsController {
  @Version('1') @Cors('untouched') @Put() first() {
    return spy.ran('first');
  }
  @Version('2') @Put() second() {
    return spy.ran('second');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], allowedHeaders: ['x-version'] })],
  controllers: [VersionsController],
})
class VersionsModule {}

describePlatforms('an untouched version beside an open one of the same URL', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, VersionsModule, spy, {
    application: { logger: log },
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
  });

  it('refuses other origins with a log line, because the preflight may have matched the open version', async () => {
    log.warnings.length = 0;
    expect((await server.outcome(preflight(APP, 'PUT', '/versions', 'x-version'))).status).toBe(204);
    const headers = { Origin: APP, 'X-Version': '1' };
    const refused = { status: 403, headers: { vary: 'Origin' }, ran: [] };
    expect(await server.outcome({ method: 'PUT', path: '/versions', headers })).toEqual(refused);
    expect(log.warnings).toEqual([
      expect.stringMatching(/^no-policy: "PUT" "\/versions" .*\(VersionsController\.first\)/),
    ]);
  });

  it('is not named in the log if the open version refuses the preflight', async () => {
    log.warnings.length = 0;
    expect(await server.outcome(preflight(EVIL, 'PUT', '/versions', 'x-version'))).toEqual(REFUSED_PREFLIGHT);
    expect(log.warnings).toEqual([expect.stringMatching(/^origin-not-allowed: .*\(VersionsController\.second\)/)]);
  });
});
