import { describe, expect, it } from '@jest/globals';
import { type CanActivate, Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsConfigurationError, CorsModule, DisableCors } from 'nestjs-cors';
import { FanOut } from '../../support/decorators/fan-out.js';
import { describePlatforms, type RootModule } from '../../support/platforms.js';
import { boot } from './boot.js';

const symbol = Symbol('hidden');
const disable = DisableCors() as (target: object, name?: PropertyKey, descriptor?: unknown) => void;

function application(controllers: RootModule[], providers: RootModule[] = []): RootModule {
  @Module({ imports: [CorsModule.forRoot({ origin: 'https://app.example.com' })], controllers, providers })
  class Root {}
  return Root;
}

class BaseController {
  @DisableCors() static shared(): void {}
  @DisableCors() get inherited(): string {
    return '';
  }
}

/** Members that no route can be mapped to, each with a decorator of ours, beside a handler. */
@Controller('users')
class UsersController extends BaseController {
  declare field: string;
  #value = '';
  @Cors() @Get() list(): void {}
  @DisableCors() static remove(): void {}
  @DisableCors() @Get('static') static routed(): void {}
  @DisableCors() get value(): string {
    return this.#value;
  }
  @DisableCors() set written(value: string) {
    this.#value = value;
  }
  @DisableCors() [symbol](): void {}
  @Get('parameter') parameter(_first: string, _second: string): void {}
}
disable(UsersController.prototype, 'field', undefined);
disable(UsersController, 'staticField', undefined);
disable(UsersController.prototype, 'parameter', 0);
disable(UsersController.prototype, 'parameter', 1);
disable(UsersController, undefined, 0);

const METHODS_ONLY = 'Nest maps routes to methods only';

describePlatforms('a CORS decorator on a member that cannot have a route', (platform) => {
  it('stops the boot with its place and the reason', async () => {
    const { problems } = await boot(application([UsersController]), platform);
    const found = Object.fromEntries(problems.map(({ message, targets }) => [message.split(': ')[1], targets]));
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['decorator-misplaced']));
    expect(found).toEqual({
      'the method is static, and Nest maps routes to methods of instances only.': [
        'UsersController.remove',
        'UsersController.routed',
        'UsersController.shared',
      ],
      [`it is on a getter or setter, and ${METHODS_ONLY}.`]: [
        'UsersController.value',
        'UsersController.written',
        'UsersController.inherited',
      ],
      [`it is on a property, and ${METHODS_ONLY}.`]: ['UsersController.field', 'UsersController.staticField'],
      'the name of the method is a symbol, and Nest maps routes to methods with names only.': [
        'UsersController[Symbol(hidden)]',
      ],
      'it is on a parameter, and Nest maps routes to methods only.': [
        'UsersController.parameter',
        'UsersController.constructor',
      ],
    });
  });
});

describe('@Cors() or @DisableCors() on a class that is not a controller', () => {
  @Cors({ maxAge: 5 })
  class Base {
    @DisableCors() @Get() method(): void {}
  }

  @Injectable()
  class PlainProvider extends Base {
    @DisableCors() static make(): void {}
  }

  @Injectable()
  @DisableCors()
  class DecoratedGuard implements CanActivate {
    canActivate(): boolean {
      return true;
    }
  }

  @UseGuards(DecoratedGuard)
  @Controller()
  class GuardedController {}

  it('stops the boot, also on base classes, static members and guards', async () => {
    const { problems } = await boot(application([GuardedController], [PlainProvider]));
    expect(problems.flatMap(({ code, targets }) => targets.map((target) => `${code} in ${target}`)).sort()).toEqual([
      'decorator-misplaced in Base',
      'decorator-misplaced in DecoratedGuard',
      'decorator-misplaced in PlainProvider.make',
      'decorator-misplaced in PlainProvider.method',
    ]);
  });

  it('is accepted if the class is the base class of a controller', async () => {
    @Controller('extending')
    class ExtendingController extends Base {}
    expect((await boot(application([ExtendingController], [Base]))).problems).toEqual([]);
  });
});

describe('a CORS decorator beside a decorator that makes several routes from one method', () => {
  const routes = { list: ['GET', 'list'], create: ['POST', 'create'] } as const;

  @Controller('below')
  class BelowController {
    @FanOut(routes) @Cors({ maxAge: 5 }) handler(): void {}
  }

  @Controller('above')
  class AboveController {
    @DisableCors() @FanOut(routes) handler(): void {}
  }

  @Controller('both')
  class BothController {
    @DisableCors() @FanOut(routes) @Cors({ maxAge: 5 }) handler(): void {}
  }

  it.each<[string, RootModule, string[]]>([
    ['is accepted below', BelowController, []],
    ['is misplaced above', AboveController, ['decorator-misplaced in AboveController.handler']],
    [
      'is misplaced above, even with a second one below',
      BothController,
      ['decorator-misplaced in BothController.handler'],
    ],
  ])('%s the other decorator', async (_title, controller, expected) => {
    const { problems } = await boot(application([controller]));
    expect(problems.map(({ code, targets }) => `${code} in ${targets}`)).toEqual(expected);
    expect(problems.every(({ remedy }) => remedy.includes('write this one below it'))).toBe(true);
  });

  it('is reported in an application without HTTP, too', async () => {
    const codes = async (controller: RootModule) =>
      NestFactory.createApplicationContext(application([controller]), { logger: false, abortOnError: false }).then(
        async (context) => {
          await context.close();
          return [];
        },
        (error: CorsConfigurationError) => error.problems.map(({ code }) => code),
      );
    expect(await codes(BelowController)).toEqual([]);
    expect(await codes(AboveController)).toEqual(['decorator-misplaced']);
  });
});

describe('the first argument of @Cors()', () => {
  const cors = Cors as unknown as (...values: unknown[]) => MethodDecorator & ClassDecorator;

  function controllers(...values: unknown[]): RootModule[] {
    @cors(...values)
    @Controller('class')
    class ClassController {
      @Get() list(): void {}
    }
    @Controller('method')
    class MethodController {
      @cors(...values) @Get() list(): void {}
    }
    return [ClassController, MethodController];
  }

  const written = (text: string) => `the first argument of @Cors() is ${text} but must be the name of a policy`;

  it.each<[string, unknown[], string]>([
    ['null', [null], 'The options are null but must be a plain object'],
    ['null and undefined', [null, undefined], 'The options are null but must be a plain object'],
    ['a number', [5], 'The options are 5 but must be a plain object'],
    ['a list', [[]], 'The options are [] but must be a plain object'],
    ['a boolean', [false], 'The options are false but must be a plain object'],
    ['an empty text', [''], written("''")],
    ['an empty text with options', ['', { maxAge: 5 }], written("''")],
    ['undefined with options', [undefined, { maxAge: 5 }], written('undefined')],
    ['null with options', [null, { maxAge: 5 }], written('null')],
    ['options with options', [{ maxAge: 5 }, { maxAge: 6 }], written('{ maxAge: 5 }')],
    ['a name with null', ['partners', null], 'The options are null but must be a plain object'],
  ])('stops the boot if it is %s', async (_title, values, message) => {
    @Module({
      imports: [CorsModule.forRoot({ origin: '*', policies: { partners: { origin: '*' } } })],
      controllers: controllers(...values),
    })
    class Root {}
    const { problems } = await boot(Root);
    expect(problems.map(({ code, targets }) => [code, targets])).toEqual([
      ['option-type', ['ClassController']],
      ['option-type', ['MethodController.list']],
    ]);
    for (const problem of problems) {
      expect(problem.message).toContain(message);
      expect(problem.remedy).toMatch(/`.*`/);
    }
  });

  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['undefined', [undefined]],
    ['a name', ['partners', undefined]],
    ['options', [{ maxAge: 5 }]],
  ])('may be %s', async (_title, values) => {
    @Module({
      imports: [CorsModule.forRoot({ origin: '*', policies: { partners: { origin: '*' } } })],
      controllers: controllers(...values),
    })
    class Root {}
    expect((await boot(Root)).problems).toEqual([]);
  });
});
