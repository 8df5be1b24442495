import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Injectable,
  Module,
  type NestInterceptor,
  Post,
  type Provider,
  Scope,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { FileInterceptor } from '@nestjs/platform-express';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, type RootModule, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const REFUSED: Outcome = { status: 403, headers: { vary: 'Origin' }, ran: [] };
const ALLOWED = { 'access-control-allow-origin': APP, vary: 'Origin' };

function application(controller: RootModule, providers: Provider[] = []): RootModule {
  @Module({
    imports: [CorsModule.forRoot({ origin: [APP] }), CacheModule.register()],
    controllers: [controller],
    providers,
  })
  class ApplicationModule {}
  return ApplicationModule;
}

function guard(name: string): CanActivate {
  return {
    canActivate: () => {
      spy.ran(name);
      return true;
    },
  };
}

function interceptor(name: string): NestInterceptor {
  return {
    intercept: (_context: ExecutionContext, next: CallHandler) => {
      spy.ran(name);
      return next.handle();
    },
  };
}

@Injectable()
class AppGuard implements CanActivate {
  canActivate(): boolean {
    spy.ran('APP_GUARD');
    return true;
  }
}

@Injectable({ scope: Scope.REQUEST })
class ScopedGuard implements CanActivate {
  canActivate(): boolean {
    spy.ran('scoped guard');
    return true;
  }
}

@Injectable()
class AppInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    spy.ran('APP_INTERCEPTOR');
    return next.handle();
  }
}

@Injectable({ scope: Scope.REQUEST })
class ScopedInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    spy.ran('scoped interceptor');
    return next.handle();
  }
}

/** The decorators of a class and of a method, in both orders. */
@UseInterceptors(interceptor('class'))
@Cors({ enforce: 'all' })
@UseGuards(guard('class guard'))
@Controller()
class DecoratedController {
  @Cors({ maxAge: 5 })
  @UseInterceptors(interceptor('method'))
  @UseGuards(guard('method guard'))
  @Get('above')
  above() {
    return spy.ran('handler');
  }
  @UseInterceptors(interceptor('method'))
  @UseGuards(guard('method guard'))
  @Get('below')
  @Cors({ maxAge: 5 })
  below() {
    return spy.ran('handler');
  }
}

describePlatforms('a request that an enforced handler refuses', (platform) => {
  describe('with decorators in any order', () => {
    const server = serve(
      platform,
      application(DecoratedController, [
        { provide: APP_GUARD, useClass: AppGuard },
        { provide: APP_INTERCEPTOR, useClass: AppInterceptor },
      ]),
      spy,
      {
        configure: (app) =>
          app.useGlobalGuards(guard('global guard')).useGlobalInterceptors(interceptor('global interceptor')),
      },
    );
    const guards = ['APP_GUARD', 'global guard', 'class guard', 'method guard'];

    it.each(['/above', '/below'])('runs all guards and no interceptor of %s', async (path) => {
      expect(await server.outcome({ path, headers: { Origin: EVIL } })).toEqual({ ...REFUSED, ran: guards });
      expect(await server.outcome({ path, headers: { Origin: APP } })).toEqual({
        status: 200,
        headers: ALLOWED,
        ran: [...guards, 'APP_INTERCEPTOR', 'global interceptor', 'class', 'method', 'handler'],
      });
    });
  });

  describe('with request-scoped providers', () => {
    const server = serve(
      platform,
      application(DecoratedController, [
        { provide: APP_GUARD, useClass: ScopedGuard, scope: Scope.REQUEST },
        { provide: APP_INTERCEPTOR, useClass: ScopedInterceptor, scope: Scope.REQUEST },
      ]),
      spy,
      { configure: (app) => app.useGlobalInterceptors(interceptor('global interceptor')) },
    );
    const guards = ['scoped guard', 'class guard', 'method guard'];

    it.each(['/above', '/below'])('runs all guards and no interceptor of %s', async (path) => {
      expect(await server.outcome({ path, headers: { Origin: EVIL } })).toEqual({ ...REFUSED, ran: guards });
      expect(await server.outcome({ path, headers: { Origin: APP } })).toEqual({
        status: 200,
        headers: ALLOWED,
        ran: [...guards, 'global interceptor', 'scoped interceptor', 'class', 'method', 'handler'],
      });
    });
  });
});

@Controller('cached')
@Cors({ enforce: 'all' })
@UseInterceptors(CacheInterceptor)
class CachedClass {
  @Get() get() {
    return spy.ran('get');
  }
}

@UseInterceptors(CacheInterceptor)
@Controller('cached')
@Cors({ enforce: 'all' })
class CachedAbove {
  @Get() get() {
    return spy.ran('get');
  }
}

@Controller('cached')
@UseInterceptors(CacheInterceptor)
class CachedClassEnforcedMethod {
  @Cors({ enforce: 'all' }) @Get() get() {
    return spy.ran('get');
  }
}

@Controller('cached')
@Cors({ enforce: 'all' })
class CachedMethod {
  @UseInterceptors(CacheInterceptor) @Get() get() {
    return spy.ran('get');
  }
}

@Controller('cached')
class EnforcedMethod {
  @Cors({ enforce: 'all' }) @Get() get() {
    return spy.ran('get');
  }
}

@Controller({ path: 'cached', scope: Scope.REQUEST })
@Cors({ enforce: 'all' })
@UseInterceptors(CacheInterceptor)
class CachedForEachRequest {
  @Get() get() {
    return spy.ran('get');
  }
}

const cacheEverywhere: Provider = { provide: APP_INTERCEPTOR, useClass: CacheInterceptor };

describePlatforms('a response cached by an interceptor', (platform) => {
  describe.each<[string, RootModule, Provider[]]>([
    ['on the class, below @Cors', CachedClass, []],
    ['on the class, above @Cors', CachedAbove, []],
    ['on the class of a method that enforces', CachedClassEnforcedMethod, []],
    ['on a method of a class that enforces', CachedMethod, []],
    ['of the application', EnforcedMethod, [cacheEverywhere]],
    ['on a request-scoped class', CachedForEachRequest, []],
    ['of the application on a request-scoped class', CachedForEachRequest, [cacheEverywhere]],
    [
      'of an application with a request-scoped interceptor',
      EnforcedMethod,
      [cacheEverywhere, { provide: APP_INTERCEPTOR, useClass: ScopedInterceptor, scope: Scope.REQUEST }],
    ],
  ])('%s', (_title, controller, providers) => {
    const server = serve(platform, application(controller, providers), spy);
    const status = async (origin: string) =>
      (await server.outcome({ path: '/cached', headers: { Origin: origin } })).status;

    it('is not sent to a refused origin', async () => {
      expect(await status(EVIL)).toBe(403);
      expect(await status(APP)).toBe(200);
      expect(await status(EVIL)).toBe(403);
      expect((await server.outcome({ path: '/cached', headers: { Origin: APP } })).ran).not.toContain('get');
    });
  });
});

/** File uploads exist on Express only. Other interceptors write the same on both platforms. */
const FOLDER = mkdtempSync(join(tmpdir(), 'nestjs-cors-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const writing: NestInterceptor = {
  intercept: (_context: ExecutionContext, next: CallHandler) => {
    writeFileSync(join(FOLDER, 'written'), '');
    return next.handle();
  },
};

@Controller('files')
class FilesController {
  @Post('uploaded')
  @HttpCode(200)
  @Cors({ enforce: 'all' })
  @UseInterceptors(FileInterceptor('file', { dest: FOLDER }))
  upload() {
    return spy.ran('upload');
  }
  @Post('written')
  @HttpCode(200)
  @Cors({ enforce: 'unsafe-methods' })
  @UseInterceptors(writing)
  write() {
    return spy.ran('write');
  }
}

const UPLOAD = [
  '--boundary',
  'Content-Disposition: form-data; name="file"; filename="file.txt"',
  'Content-Type: text/plain',
  '',
  'text',
  '--boundary--',
  '',
].join('\r\n');

describePlatforms('an interceptor that writes a file', (platform) => {
  const server = serve(platform, application(FilesController), spy);
  const paths = platform.name === 'express' ? ['/files/uploaded', '/files/written'] : ['/files/written'];

  it.each(paths)('writes nothing for a refused request to %s', async (path) => {
    const post = (origin: string) => {
      const content = platform.name === 'express' ? 'multipart/form-data; boundary=boundary' : 'text/plain';
      return server.outcome({
        method: 'POST',
        path,
        headers: { Origin: origin, 'Content-Type': content },
        body: UPLOAD,
      });
    };
    expect(await post(EVIL)).toEqual(REFUSED);
    expect(readdirSync(FOLDER)).toEqual([]);
    expect((await post(APP)).status).toBe(200);
    const written = readdirSync(FOLDER);
    expect(written).toHaveLength(1);
    rmSync(join(FOLDER, written[0] as string));
  });
});
