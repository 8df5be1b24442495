import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  Injectable,
  Module,
  Post,
  type Provider,
  Scope,
  VersioningType,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, BaseExceptionFilter, ModuleRef } from '@nestjs/core';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { APP, EVIL, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
type Method = (...values: unknown[]) => unknown;

/** How a constructor replaces a method with another function. Nest reads the guards of a handler from that function. */
type Replace = (instance: Record<string, Method>, name: string) => object;
const REPLACEMENTS: readonly (readonly [string, Replace])[] = [
  [
    'bound',
    (instance, name) => {
      instance[name] = (instance[name] as Method).bind(instance);
      return instance;
    },
  ],
  [
    'replaced by a closure',
    (instance, name) => {
      const method = instance[name] as Method;
      instance[name] = (...values) => method.apply(instance, values);
      return instance;
    },
  ],
  [
    'replaced by a frozen function',
    (instance, name) => {
      instance[name] = Object.freeze((instance[name] as Method).bind(instance));
      return instance;
    },
  ],
  [
    'wrapped in a proxy',
    (instance, name) => {
      instance[name] = new Proxy(instance[name] as Method, {});
      return instance;
    },
  ],
  [
    'recreated at each access',
    (instance, name) => {
      const method = instance[name] as Method;
      return Object.defineProperty(instance, name, { get: () => method.bind(instance) });
    },
  ],
  [
    'wrapped by a proxy of the instance',
    (instance) =>
      new Proxy(instance, {
        get: (target, key) => {
          const value = Reflect.get(target, key) as unknown;
          return typeof value === 'function' && key !== 'constructor' ? value.bind(target) : value;
        },
      }),
  ],
  [
    'wrapped, with the class, by a proxy of the instance',
    (instance) =>
      new Proxy(instance, {
        get: (target, key) => {
          const value = Reflect.get(target, key) as unknown;
          return typeof value === 'function' ? (...values: unknown[]) => Reflect.apply(value, target, values) : value;
        },
      }),
  ],
];

@Injectable({ scope: Scope.REQUEST })
class OfOneRequest {
  canActivate = () => true;
  transform = (value: unknown) => value;
  intercept = (_context: unknown, next: { handle(): unknown }) => next.handle();
}

@Injectable({ scope: Scope.REQUEST })
class FilterOfOneRequest extends BaseExceptionFilter {}

@Injectable({ scope: Scope.REQUEST, durable: true })
class Durable {}

type Scoping = readonly [string, (replace: Replace) => RootModule, Provider[]];

function ordinary(replace: Replace, scope = Scope.DEFAULT): RootModule {
  @Controller({ path: 'methods', scope })
  class MethodsController {
    constructor() {
      for (const name of ['strict', 'remove', 'free']) {
        const other = replace(this as unknown as Record<string, Method>, name);
        if (other !== (this as object)) {
          // biome-ignore lint/correctness/noConstructorReturn: what is tested
          return other as MethodsController;
        }
      }
    }
    @Cors({ origin: [APP], enforce: 'all' }) @Post('strict') strict() {
      return spy.ran('strict');
    }
    @Cors({ origin: [APP], enforce: 'unsafe-methods' }) @Delete('removed') remove() {
      return spy.ran('remove');
    }
    @Cors({ origin: [APP] }) @Post('free') free() {
      return spy.ran('free');
    }
  }
  return MethodsController;
}

function depending(replace: Replace, dependency: RootModule): RootModule {
  const Base = ordinary(replace);
  @Controller('methods')
  class DependingController extends Base {
    readonly dependency: object;

    constructor(dependency: object) {
      super();
      this.dependency = dependency;
    }
  }
  Reflect.defineMetadata('design:paramtypes', [dependency], DependingController);
  return DependingController;
}

const SCOPES: readonly Scoping[] = [
  ['a singleton', (replace) => ordinary(replace), []],
  ['request-scoped', (replace) => ordinary(replace, Scope.REQUEST), []],
  ['request-scoped because of a dependency', (replace) => depending(replace, OfOneRequest), []],
  ['durable', (replace) => depending(replace, Durable), []],
  ...(
    [
      [APP_INTERCEPTOR, OfOneRequest],
      [APP_GUARD, OfOneRequest],
      [APP_PIPE, OfOneRequest],
      [APP_FILTER, FilterOfOneRequest],
    ] as const
  ).map(
    ([provide, useClass]): Scoping => [
      `request-scoped because of ${provide}`,
      (replace) => ordinary(replace),
      [{ provide, useClass, scope: Scope.REQUEST }],
    ],
  ),
];

describePlatforms('an enforced handler', (platform) => {
  describe.each(SCOPES)('of a controller that is %s', (_scope, controllerOf, providers) => {
    describe.each(REPLACEMENTS)('that was %s', (_title, replace) => {
      @Module({
        imports: [CorsModule.forRoot({ origin: APP })],
        controllers: [controllerOf(replace)],
        providers: [OfOneRequest, Durable, ...providers],
      })
      class ApplicationModule {}
      const server = serve(platform, ApplicationModule, spy);
      const send = (method: string, path: string, origin: string) =>
        server.outcome({ method, path, headers: { Origin: origin, 'Content-Length': '0' } });
      const allowed = { 'access-control-allow-origin': APP, vary: 'Origin' };

      it('does not run for a refused origin', async () => {
        expect(await send('POST', '/methods/strict', EVIL)).toEqual({
          status: 403,
          headers: { vary: 'Origin' },
          ran: [],
        });
        expect(await send('POST', '/methods/strict', APP)).toEqual({ status: 201, headers: allowed, ran: ['strict'] });
        expect(await send('DELETE', '/methods/removed', EVIL)).toEqual({
          status: 403,
          headers: { vary: 'Origin' },
          ran: [],
        });
        expect(await send('DELETE', '/methods/removed', APP)).toEqual({
          status: 200,
          headers: allowed,
          ran: ['remove'],
        });
      });

      it('does not change enforcement of other handlers', async () => {
        const bare = { status: 201, headers: { vary: 'Origin' }, ran: ['free'] };
        expect(await send('POST', '/methods/free', EVIL)).toEqual(bare);
      });
    });
  });
});

/** The policy of a class applies to the functions that replace its methods. */
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

class BaseController {
  @Post('strict') strict() {
    return spy.ran(this.constructor.name);
  }
}
@Cors({ enforce: 'all' })
@Controller('one')
class EnforcingController extends BaseController {}
@Controller('other')
class FreeController extends BaseController {}

@Module({
  imports: [CorsModule.forRoot({ origin: APP })],
  controllers: [DecoratedController, EnforcingController, FreeController],
})
class ClassesModule {}

describePlatforms('a class with an enforced policy', (platform) => {
  const server = serve(platform, ClassesModule, spy);
  const post = async (path: string, origin: string) => {
    const { status, ran } = await server.outcome({ method: 'POST', path, headers: { Origin: origin } });
    return [status, ...ran];
  };

  it('enforces it on a method that the constructor replaced', async () => {
    expect(await post('/class/strict', EVIL)).toEqual([403]);
    expect(await post('/class/strict', APP)).toEqual([201, 'class']);
  });

  it('enforces it on an inherited method, but not in other subclasses', async () => {
    expect(await post('/one/strict', EVIL)).toEqual([403]);
    expect(await post('/one/strict', APP)).toEqual([201, 'EnforcingController']);
    expect(await post('/other/strict', EVIL)).toEqual([201, 'FreeController']);
  });
});

/** A controller with a handler that enforces one origin. */
function enforcing(options: { version?: string; host?: string }, origin: string): RootModule {
  @Controller({ path: 'filtered', ...options })
  class FilteredController {
    @Cors({ origin, enforce: 'all' }) @Get() get() {
      return spy.ran(origin);
    }
  }
  return FilteredController;
}

describePlatforms('handlers that are replaced during initialisation', (platform) => {
  const byVersion = [enforcing({ version: '1' }, APP), enforcing({ version: '2' }, PARTNER)];
  const byHost = [enforcing({ host: 'one.test' }, APP), enforcing({ host: 'two.test' }, PARTNER)];

  // Fastify registers one handler for a method and URL, whatever its host.
  describe.each([
    ['version', byVersion, [{ 'X-Version': '1' }, { 'X-Version': '2' }]],
    ...(platform.name === 'fastify' ? [] : [['host', byHost, [{ Host: 'one.test' }, { Host: 'two.test' }]] as const]),
  ] as const)('that differ by %s', (_title, controllers, [first, second]) => {
    @Module({ controllers: [...controllers] })
    class ReplacingModule {
      readonly #ref: ModuleRef;

      constructor(ref: ModuleRef) {
        this.#ref = ref;
      }

      configure(): void {
        for (const controller of controllers) {
          const instance = this.#ref.get<Record<'get', Method>>(controller);
          instance.get = instance.get.bind(instance);
        }
      }
    }
    @Module({ imports: [CorsModule.forRoot(), ReplacingModule] })
    class ApplicationModule {}
    const server = serve(platform, ApplicationModule, spy, {
      configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' }),
    });
    const get = async (Origin: string, headers: Record<string, string>) => {
      const { status, ran } = await server.outcome({ path: '/filtered', headers: { Origin, ...headers } });
      return [status, ...ran];
    };

    it('enforce their own policies', async () => {
      expect(await get(APP, first)).toEqual([200, APP]);
      expect(await get(PARTNER, first)).toEqual([403]);
      expect(await get(PARTNER, second)).toEqual([200, PARTNER]);
      expect(await get(APP, second)).toEqual([403]);
    });
  });
});
