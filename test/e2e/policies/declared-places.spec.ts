import { expect, it } from '@jest/globals';
import { Controller, Module, Put, Scope } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { copyMetadata, DROPPING } from '../../support/decorators/replacing-decorators.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { ADMIN, APP, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

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

/** A class from a function. Each class has its own prototype and its own method. */
function mixin(path: string, declare: MethodDecorator): RootModule {
  @Controller(path)
  class MixedController extends BaseController {
    @Put('own') @Traced @declare own() {
      return spy.ran(path);
    }
  }
  return MixedController;
}

/** One function is a method of two classes with a decorator each. A third class has the function without a decorator. */
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

/** Methods that are replaced after the class definition by functions that only have the metadata for routing. */
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

/** Applies the decorator without a descriptor, as code generators do. */
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

describePlatforms('a CORS decorator', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, PlacesModule, spy, { application: { logger: log } });
  const disabled = { method: 'PUT', origin: APP };
  const open = { method: 'PUT', allows: APP, refuses: ADMIN };

  it('applies to a registered route without a warning', () => {
    expect(log.errors).toEqual([]);
    expect(log.warnings.filter((line) => line.startsWith('The route'))).toEqual([]);
  });

  it('applies to subclasses that inherit the method', async () => {
    await expectDisabled(server, {
      ...disabled,
      path: '/inheriting/remove',
      handler: 'InheritingController.remove',
    });
    await expectDisabled(server, { ...disabled, path: '/mixin/first/remove', handler: 'MixedController.remove' });
  });

  it('does not apply to an overriding method, wrapped or not', async () => {
    await expectPolicy(server, { ...open, path: '/overriding/remove', handler: 'OverridingController.remove' });
    await expectPolicy(server, { ...open, path: '/tracing/remove', handler: 'TracingController.remove' });
  });

  it('on an overriding method replaces the decorator of the base class', async () => {
    const path = '/redeclaring/remove';
    const handler = 'RedeclaringController.remove';
    await expectPolicy(server, { method: 'PUT', path, handler, allows: PARTNER, refuses: APP });
  });

  it('applies only to its own class if a function creates several classes', async () => {
    const first = { path: '/mixin/first/own', handler: 'mixin/first' };
    await expectPolicy(server, { ...first, method: 'PUT', allows: ADMIN, refuses: APP });
    await expectDisabled(server, { ...disabled, path: '/mixin/second/own', handler: 'mixin/second' });
  });

  it('applies only to its own class if two classes share a method function', async () => {
    const shared = { method: 'PUT', handler: 'shared', refuses: APP };
    await expectPolicy(server, { ...shared, path: '/shared/first', allows: ADMIN });
    await expectPolicy(server, { ...shared, path: '/shared/second', allows: PARTNER });
    await expectPolicy(server, { ...shared, path: '/shared/first', allows: ADMIN, refuses: PARTNER });
  });

  it('still applies if the method is replaced after the class definition', async () => {
    await expectDisabled(server, { ...disabled, path: '/instrumented/remove', handler: 'instrumented' });
    await expectPolicy(server, { ...open, path: '/instrumented/undecorated', handler: 'undecorated' });
  });

  it('still applies if a decorator and the instance replace the method', async () => {
    await expectDisabled(server, { ...disabled, path: '/bound/remove', handler: 'bound' });
    await expectPolicy(server, { ...open, path: '/bound/plain', handler: 'plain' });
  });

  it('applies to a request-scoped controller', async () => {
    await expectDisabled(server, { ...disabled, path: '/scoped/remove', handler: 'scoped' });
  });

  it('can be applied without a property descriptor', async () => {
    await expectDisabled(server, { ...disabled, path: '/generated/remove', handler: 'generated' });
  });
});
