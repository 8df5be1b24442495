import { it } from '@jest/globals';
import { Controller, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const OWN = 'https://own.example';

@Cors({ origin: [PARTNER], exposedHeaders: ['x-base'] })
abstract class BaseController {
  @Put('inherited') inherited() {
    return spy.ran(`${this.constructor.name}.inherited`);
  }
  @Cors({ origin: [OWN] })
  @Put('decorated')
  decorated() {
    return spy.ran(`${this.constructor.name}.decorated`);
  }
  @DisableCors()
  @Put('disabled')
  disabled() {
    return spy.ran(`${this.constructor.name}.disabled`);
  }
}

@Controller('plain')
class PlainController extends BaseController {}

@Cors({ origin: [ADMIN] })
@Controller('decorated')
class DecoratedController extends BaseController {}

@DisableCors()
@Controller('disabled')
class DisabledController extends BaseController {}

@Controller('overriding')
class OverridingController extends BaseController {
  @Cors({ origin: [ADMIN] })
  @Put('inherited')
  override inherited() {
    return spy.ran('OverridingController.inherited');
  }
}

/** Replaces a method of one instance and copies some of its metadata, as tracing tools do. */
function wrapOn(instance: object, name: string, keys: (method: object) => unknown[]): void {
  const methods = instance as Record<string, (...values: unknown[]) => unknown>;
  const method = methods[name] as (...values: unknown[]) => unknown;
  const wrapper = (...values: unknown[]) => method.apply(instance, values);
  for (const key of keys(method)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), wrapper);
  }
  methods[name] = wrapper;
}

@Cors({ origin: [ADMIN] })
@Controller('wrapped')
class WrappedController extends BaseController {
  constructor() {
    super();
    wrapOn(this, 'inherited', (method) => Reflect.getMetadataKeys(method));
    wrapOn(this, 'decorated', () => ['path', 'method']);
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], maxAge: 600 })],
  controllers: [WrappedController, PlainController, DecoratedController, DisabledController, OverridingController],
})
class InheritanceModule {}

describePlatforms('a controller that inherits methods', (platform) => {
  const server = serve(platform, InheritanceModule, spy);
  const base = { method: 'PUT', exposes: 'x-base', maxAge: '600' };

  it('has the policy of the base class if the subclass has none', async () => {
    const route = { path: '/plain/inherited', handler: 'PlainController.inherited' };
    await expectPolicy(server, { ...base, ...route, allows: PARTNER, refuses: APP });
  });

  it('applies policies to methods that its instance replaced', async () => {
    const inherited = { path: '/wrapped/inherited', handler: 'WrappedController.inherited' };
    await expectPolicy(server, { ...base, ...inherited, allows: ADMIN, refuses: PARTNER });
    const decorated = { path: '/wrapped/decorated', handler: 'WrappedController.decorated' };
    await expectPolicy(server, { ...base, ...decorated, allows: OWN, refuses: ADMIN });
  });

  it('prefers each option of the subclass to that of the base class', async () => {
    const route = { path: '/decorated/inherited', handler: 'DecoratedController.inherited' };
    await expectPolicy(server, { ...base, ...route, allows: ADMIN, refuses: PARTNER });
  });

  it('prefers the decorator of an inherited method to every class', async () => {
    for (const name of ['plain', 'decorated']) {
      const handler = `${name === 'plain' ? 'PlainController' : 'DecoratedController'}.decorated`;
      await expectPolicy(server, { ...base, path: `/${name}/decorated`, handler, allows: OWN, refuses: ADMIN });
    }
  });

  it('keeps an inherited method disabled', async () => {
    const route = { method: 'PUT', path: '/decorated/disabled', handler: 'DecoratedController.disabled' };
    await expectDisabled(server, { ...route, origin: ADMIN });
  });

  it('disables inherited methods with @DisableCors() on the subclass', async () => {
    const route = { method: 'PUT', path: '/disabled/inherited', handler: 'DisabledController.inherited' };
    await expectDisabled(server, { ...route, origin: PARTNER });
  });

  it('re-opens an inherited method with the application-wide policy', async () => {
    const route = { method: 'PUT', path: '/disabled/decorated', handler: 'DisabledController.decorated' };
    await expectPolicy(server, { ...route, allows: OWN, refuses: PARTNER, maxAge: '600' });
  });

  it('applies the decorator of an overriding method', async () => {
    const route = { path: '/overriding/inherited', handler: 'OverridingController.inherited' };
    await expectPolicy(server, { ...base, ...route, allows: ADMIN, refuses: EVIL });
    await expectPolicy(server, { ...base, ...route, allows: ADMIN, refuses: PARTNER });
  });
});
