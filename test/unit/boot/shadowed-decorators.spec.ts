import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Module, Scope } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { copyMetadata, DROPPING, replacing } from '../../support/decorators/replacing-decorators.js';
import { describePlatforms, type RootModule } from '../../support/platforms.js';
import { boot, codesOf, type RecordedLog } from './boot.js';

const APP = 'https://app.example.com';
const ADMIN = 'https://admin.example.com';
const Traced = DROPPING.wrapper as MethodDecorator;

/** Replaces the method by a wrapper that carries all metadata of it. */
const Careful = replacing((method) => {
  const wrapper = function (this: unknown, ...values: unknown[]) {
    return method.apply(this, values);
  };
  copyMetadata(method, wrapper);
  return wrapper;
});

/** Replaces the method by a wrapper that carries the metadata of another method. */
function like(other: object): MethodDecorator {
  return replacing((method) => {
    const wrapper = (...values: unknown[]) => method.apply(undefined, values);
    copyMetadata(other, wrapper);
    return wrapper;
  });
}

function application(controllers: RootModule[], options: CorsModuleOptions = { origin: APP }): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)], controllers })
  class Root {}
  return Root;
}

/** The lines of the log about decorators that were replaced. */
function shadowed({ warnings }: RecordedLog): string[] {
  return warnings.filter((line) => line.startsWith('decorator-shadowed'));
}

@Controller('orders')
class OrdersController {
  @Delete('traced') @Traced @DisableCors() traced(): void {}
  @Get('traced') @Traced @Cors({ origin: [ADMIN] }) read(): void {}
  @Delete('careful') @Careful @DisableCors() careful(): void {}
  @DisableCors() @Delete('above') @Traced above(): void {}
  @Delete('plain') @DisableCors() plain(): void {}
  @Get('undecorated') @Traced undecorated(): void {}
}

describePlatforms('a CORS decorator below a decorator that drops metadata', (platform) => {
  it('causes a warning that names this handler only', async () => {
    const { problems, log } = await boot(application([OrdersController]), platform);
    expect(problems).toEqual([]);
    const [text, ...others] = shadowed(log);
    expect(others).toEqual([]);
    expect(text).toContain('decorator-shadowed in OrdersController.traced: A decorator above @DisableCors() replaced');
    expect(text).toContain('decorator-shadowed in OrdersController.read: A decorator above @Cors() replaced');
    expect(text?.match(/OrdersController\.\w+/g)).toEqual(['OrdersController.traced', 'OrdersController.read']);
  });

  it('causes a warning in each application that has the class', async () => {
    for (const _ of [1, 2]) {
      expect(shadowed((await boot(application([OrdersController]), platform)).log)).toHaveLength(1);
    }
  });

  it('causes no warning if its code is silenced', async () => {
    const options = { origin: APP, diagnostics: { silence: ['decorator-shadowed'] } };
    const { problems, log } = await boot(application([OrdersController], options), platform);
    expect([problems, shadowed(log)]).toEqual([[], []]);
  });

  it('causes one warning for a handler with several paths, versions or subclasses, also in request-scoped classes', async () => {
    class BaseController {
      @Delete(['a', 'b']) @Traced @DisableCors() remove(): void {}
    }
    @Controller({ path: 'first', scope: Scope.REQUEST })
    class FirstController extends BaseController {}
    @Controller(['second', 'third'])
    class SecondController extends BaseController {}
    const { log } = await boot(application([FirstController, SecondController]), platform);
    expect(shadowed(log).map((line) => line.match(/\w+Controller\.\w+/g))).toEqual([['BaseController.remove']]);
  });
});

describePlatforms('a handler without a CORS decorator that overrides a method with one', (platform) => {
  class BaseController {
    @Delete('remove') @DisableCors() remove(): void {}
    @Cors({ origin: [ADMIN] }) list(): void {}
    @Delete('inherited') @DisableCors() inherited(): void {}
  }
  class MiddleController extends BaseController {
    @Delete(['a', 'b']) override remove(): void {}
  }

  it('causes one warning for all subclasses, which names both methods', async () => {
    @Controller('first')
    class FirstController extends MiddleController {
      @Get() override list(): void {}
    }
    @Controller('second')
    class SecondController extends MiddleController {
      @Cors() @Get() override list(): void {}
    }
    const { problems, log } = await boot(application([FirstController, SecondController]), platform);
    expect(problems).toEqual([]);
    expect(shadowed(log).flatMap((line) => line.match(/\w+Controller\.\w+/g))).toEqual([
      ...['FirstController.list', 'BaseController.list'],
      ...['MiddleController.remove', 'BaseController.remove'],
    ]);
  });

  it('causes a warning if a class decorator made the subclass and kept the metadata of its routes', async () => {
    const Traced: ClassDecorator = (target) => {
      const Target = target as unknown as new () => { remove(): void };
      class TracedController extends Target {
        override remove(): void {
          super.remove();
        }
      }
      copyMetadata(Target.prototype.remove, TracedController.prototype.remove, ['path', 'method']);
      return TracedController as never;
    };
    @Controller()
    @Traced
    class OwnController {
      @Delete() @DisableCors() remove(): void {}
    }
    const { problems, log } = await boot(application([OwnController]), platform);
    expect(problems).toEqual([]);
    expect(shadowed(log).join()).toContain('decorator-shadowed in TracedController.remove: This method overrides');
  });
});

describe('two CORS decorators with a decorator between them that drops metadata', () => {
  it('stop the boot, like two adjacent ones', async () => {
    @Controller()
    class TwiceController {
      @Cors({ maxAge: 1 }) @Get() @Traced @DisableCors() get(): void {}
    }
    expect(codesOf(await boot(application([TwiceController])))).toEqual(['decorator-conflict in TwiceController.get']);
  });
});

describe('a function whose metadata has another declaration than the code', () => {
  const Like = like(OrdersController.prototype.plain);

  it.each<[string, MethodDecorator[]]>([
    ['above', [Like, DisableCors() as MethodDecorator]],
    ['above, and the declarations differ', [Like, Cors({ origin: ADMIN }) as MethodDecorator]],
    ['below', [DisableCors() as MethodDecorator, Like]],
  ])('stops the boot if the copying decorator is %s', async (_title, decorators) => {
    @Controller('things')
    class ThingsController {
      @Get() list(): void {}
      @Get('other') other(): void {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(ThingsController.prototype, 'list') as PropertyDescriptor;
    for (const decorate of [...decorators].reverse()) {
      decorate(ThingsController.prototype, 'list', descriptor);
    }
    Get()(ThingsController.prototype, 'list', descriptor);
    Object.defineProperty(ThingsController.prototype, 'list', descriptor);
    const { problems } = await boot(application([ThingsController, OrdersController]));
    expect(problems.map(({ code, targets }) => [code, targets])).toEqual([
      ['decorator-conflict', ['ThingsController.list']],
    ]);
    expect(problems[0]?.message).toContain('the metadata of OrdersController.plain, which has @DisableCors()');
  });

  it('is accepted if the method itself has no decorator', async () => {
    @Controller('things')
    class ThingsController {
      @Get() @Like list(): void {}
    }
    const { problems, log } = await boot(application([ThingsController, OrdersController]));
    expect(problems).toEqual([]);
    expect(shadowed(log).join()).not.toContain('ThingsController');
  });
});

describe('a class that another decorator replaced', () => {
  function replaced(replace: (target: RootModule) => object): RootModule {
    const Replaced = ((target: RootModule) => replace(target)) as ClassDecorator;
    @Controller('things')
    @Replaced
    @Cors({ maxAge: 5 })
    class ThingsController {
      @Get() list(): void {}
    }
    return ThingsController;
  }

  it.each<[string, (target: RootModule) => object]>([
    ['by a proxy', (target) => new Proxy(target, {})],
    [
      'by a function with its prototype',
      (Target) => {
        function ThingsController() {
          return new Target();
        }
        ThingsController.prototype = Target.prototype;
        return ThingsController;
      },
    ],
    [
      'by a function with a prototype that inherits',
      (Target) => {
        function ThingsController() {}
        ThingsController.prototype = Object.create(Target.prototype);
        return ThingsController;
      },
    ],
  ])('keeps its declaration, with a warning, if it is replaced %s', async (_title, replace) => {
    const { problems, log } = await boot(application([replaced(replace)], {}));
    // This policy has no origin. If it were lost, there would be no problem.
    expect(problems.map(({ code, targets }) => [code, targets])).toEqual([
      ['origin-missing', ['ThingsController.list']],
    ]);
    expect(log.errors).toEqual([]);
    const opened = await boot(application([replaced(replace)], { origin: APP }));
    expect(opened.problems).toEqual([]);
    expect(shadowed(opened.log).join()).toContain('decorator-shadowed in ThingsController:');
  });

  it('keeps its declaration without a warning if a subclass replaces it', async () => {
    const subclass = replaced((Target) => class ThingsController extends (Target as new () => object) {});
    const { problems, log } = await boot(application([subclass], {}));
    expect(problems.map(({ code }) => code)).toEqual(['origin-missing']);
    expect(shadowed(log)).toEqual([]);
  });
});
