import { expect, it } from '@jest/globals';
import { Controller, Module, Put, Scope } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { ADMIN, APP, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';
import { copyMetadata, DROPPING } from '../../support/replacing-decorators.js';
import { KeptLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();
const Traced = DROPPING.wrapper as MethodDecorator;

class BaseController {
  @Put('remove') @Traced @DisableCors() remove() {
    return spy.ran(`${this.constructor.name}.remove`);
  }
}

@Controller('inheriting')
class InheritingController extends BaseController {}

@Controller('overriding')
class OverridingController extends BaseController {
  @Put('remove') override remove() {
    return spy.ran('OverridingController.remove');
  }
}

@Controller('tracing')
class TracingController extends BaseController {
  @Put('remove') @Traced override remove() {
    return super.remove();
  }
}

@Controller('redeclaring')
class RedeclaringController extends BaseController {
  @Put('remove') @Traced @Cors({ origin: [PARTNER] }) override remove() {
    return super.remove();
  }
}

/** A class made by a function: each has a prototype, and so a method, of its own. */
function mixin(path: string, declare: MethodDecorator): RootModule {
  @Controller(path)
  class MixedController extends BaseController {
    @Put('own') @Traced @declare own() {
      return spy.ran(path);
    }
  }
  return MixedController;
}

/** One function that is a method of two classes, each with a declaration of its own; a third one only has the function. */
@Controller('shared/first')
class FirstController {}

@Controller('shared/second')
class SecondController {}

const sharedMethod = {
  value: () => spy.ran('shared'),
  configurable: true,
  writable: true,
};
Put()({}, 'shared', sharedMethod);
for (const [owner, declare] of [
  [FirstController, Cors({ origin: [ADMIN] })],
  [SecondController, Cors({ origin: [PARTNER] })],
] as const) {
  declare(owner.prototype, 'shared', sharedMethod);
  Object.defineProperty(owner.prototype, 'shared', sharedMethod);
}

/** Methods that are replaced after their class was defined, by functions with nothing but what Nest routes by. */
@Controller('instrumented')
class InstrumentedController {
  @DisableCors() @Put('remove') remove() {
    return spy.ran('instrumented');
  }
  @Put('undecorated') undecorated() {
    return spy.ran('undecorated');
  }
}

const methods = InstrumentedController.prototype as unknown as Record<string, (...values: unknown[]) => unknown>;
for (const name of ['remove', 'undecorated']) {
  const method = methods[name] as (...values: unknown[]) => unknown;
  const wrapper = (...values: unknown[]) => method.apply(undefined, values);
  copyMetadata(method, wrapper, ['path', 'method']);
  methods[name] = wrapper;
}

@Controller('bound')
class BoundController {
  constructor() {
    this.remove = this.remove.bind(this);
    this.plain = this.plain.bind(this);
  }
  @Put('remove') @Traced @DisableCors() remove() {
    return spy.ran('bound');
  }
  @Put('plain') plain() {
    return spy.ran('plain');
  }
}

@Controller({ path: 'scoped', scope: Scope.REQUEST })
class ScopedController {
  @Put('remove') @Traced @DisableCors() remove() {
    return spy.ran('scoped');
  }
}

/** Written by hand, as code generators do: without the descriptor that compilers pass. */
@Controller('generated')
class GeneratedController {
  @Put('remove') remove() {
    return spy.ran('generated');
  }
}
(DisableCors() as unknown as (target: object, name: string) => void)(GeneratedController.prototype, 'remove');

@Module({
  imports: [CorsModule.forRoot({ origin: APP })],
  controllers: [
    InheritingController,
    OverridingController,
    TracingController,
    RedeclaringController,
    mixin('mixin/first', Cors({ origin: [ADMIN] }) as MethodDecorator),
    mixin('mixin/second', DisableCors() as MethodDecorator),
    FirstController,
    SecondController,
    InstrumentedController,
    BoundController,
    ScopedController,
    GeneratedController,
  ],
})
class PlacesModule {}

describePlatforms('a declaration', (platform) => {
  const log = new KeptLog();
  const server = serve(platform, PlacesModule, spy, { application: { logger: log } });
  const disabled = { method: 'PUT', origin: APP };
  const open = { method: 'PUT', allows: APP, refuses: ADMIN };

  it('is that of an expected route', () => {
    expect(log.errors).toEqual([]);
    expect(log.warnings.filter((line) => line.startsWith('The route'))).toEqual([]);
  });

  it('is inherited with its method', async () => {
    await expectDisabled(server, {
      ...disabled,
      path: '/inheriting/remove',
      handler: 'InheritingController.remove',
    });
    await expectDisabled(server, { ...disabled, path: '/mixin/first/remove', handler: 'MixedController.remove' });
  });

  it('does not apply to a method that overrides it, wrapped or not', async () => {
    await expectPolicy(server, { ...open, path: '/overriding/remove', handler: 'OverridingController.remove' });
    await expectPolicy(server, { ...open, path: '/tracing/remove', handler: 'TracingController.remove' });
  });

  it('of an overriding method replaces that of the base class', async () => {
    const path = '/redeclaring/remove';
    const handler = 'RedeclaringController.remove';
    await expectPolicy(server, { method: 'PUT', path, handler, allows: PARTNER, refuses: APP });
  });

  it('is that of one class where a function makes several', async () => {
    const first = { path: '/mixin/first/own', handler: 'mixin/first' };
    await expectPolicy(server, { ...first, method: 'PUT', allows: ADMIN, refuses: APP });
    await expectDisabled(server, { ...disabled, path: '/mixin/second/own', handler: 'mixin/second' });
  });

  it('is that of one class where two classes share a function', async () => {
    const shared = { method: 'PUT', handler: 'shared', refuses: APP };
    await expectPolicy(server, { ...shared, path: '/shared/first', allows: ADMIN });
    await expectPolicy(server, { ...shared, path: '/shared/second', allows: PARTNER });
    await expectPolicy(server, { ...shared, path: '/shared/first', allows: ADMIN, refuses: PARTNER });
  });

  it('stays where a method is replaced after its class was defined', async () => {
    await expectDisabled(server, { ...disabled, path: '/instrumented/remove', handler: 'instrumented' });
    await expectPolicy(server, { ...open, path: '/instrumented/undecorated', handler: 'undecorated' });
  });

  it('stays where a method is replaced by a decorator, and once more on the instance', async () => {
    await expectDisabled(server, { ...disabled, path: '/bound/remove', handler: 'bound' });
    await expectPolicy(server, { ...open, path: '/bound/plain', handler: 'plain' });
  });

  it('stays in a controller that is made for each request', async () => {
    await expectDisabled(server, { ...disabled, path: '/scoped/remove', handler: 'scoped' });
  });

  it('may be written without a descriptor', async () => {
    await expectDisabled(server, { ...disabled, path: '/generated/remove', handler: 'generated' });
  });
});
