import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsConfigurationError, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, serve } from '../../support/platforms.js';
import { ADMIN, APP, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** Replaces a method with a function that finds the method's metadata through its prototype. */
function Wrapped(): MethodDecorator {
  return (_target, _name, descriptor) => {
    const method = descriptor.value as Method;
    const wrapper: Method = function (...values) {
      return method.apply(this, values);
    };
    Object.setPrototypeOf(wrapper, method);
    descriptor.value = wrapper as typeof descriptor.value;
  };
}

@Cors({ origin: [ADMIN] })
@Controller('decorated')
class DecoratedController {
  @Wrapped() @DisableCors() @Put('disabled') disabled() {
    spy.ran('disabled');
  }
  @Wrapped() @Cors({ origin: [PARTNER] }) @Put('own') own() {
    spy.ran('own');
  }
  @Cors({ origin: [PARTNER] }) @Wrapped() @Put('outside') outside() {
    spy.ran('outside');
  }
  @Wrapped() @Put('inherited') inherited() {
    spy.ran('inherited');
  }
}

@Controller('plain')
class PlainController {
  @Wrapped() @DisableCors() @Put('disabled') disabled() {
    spy.ran('disabled');
  }
  @Wrapped() @Cors({ origin: [PARTNER] }) @Put('own') own() {
    spy.ran('own');
  }
  @Wrapped() @Put('inherited') inherited() {
    spy.ran('inherited');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [DecoratedController, PlainController] })
class WrappedModule {}

describePlatforms('a handler replaced by a function with the handler as its prototype', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, WrappedModule, spy, { application: { logger: log } });

  it('is a known route', () => {
    expect([...log.errors, ...log.warnings]).toEqual([]);
  });

  it('keeps its own decorators, below and above the replacing one', async () => {
    const partner = { method: 'PUT', allows: PARTNER, refuses: ADMIN };
    await expectPolicy(server, { ...partner, path: '/decorated/own', handler: 'own' });
    await expectPolicy(server, { ...partner, path: '/decorated/outside', handler: 'outside' });
    await expectPolicy(server, { ...partner, path: '/plain/own', handler: 'own' });
  });

  it('is disabled by @DisableCors()', async () => {
    const disabled = { method: 'PUT', handler: 'disabled' };
    await expectDisabled(server, { ...disabled, path: '/decorated/disabled', origin: ADMIN });
    await expectDisabled(server, { ...disabled, path: '/plain/disabled', origin: APP });
  });

  it('otherwise has the policy of its class or the application-wide policy', async () => {
    const inherited = { method: 'PUT', handler: 'inherited' };
    await expectPolicy(server, { ...inherited, path: '/decorated/inherited', allows: ADMIN, refuses: APP });
    await expectPolicy(server, { ...inherited, path: '/plain/inherited', allows: APP, refuses: ADMIN });
  });
});

describe('two CORS decorators, one below a replacing decorator,', () => {
  it('stop the boot like two adjacent ones', async () => {
    @Controller()
    class TwiceController {
      @Cors({ maxAge: 1 }) @Wrapped() @DisableCors() @Get() get(): void {}
    }
    @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [TwiceController] })
    class TwiceModule {}
    const [{ createAdapter }] = PLATFORMS as [(typeof PLATFORMS)[0]];
    const app = await NestFactory.create(TwiceModule, createAdapter(), { logger: false, abortOnError: false });
    const error = await app.init().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CorsConfigurationError);
    expect((error as CorsConfigurationError).problems.map(({ code }) => code)).toEqual(['decorator-conflict']);
    await app.close();
  });
});

/** Returns a new function with the method's metadata on each access, as tracing tools do. */
function everAnother<Instance extends object>(instance: Instance): Instance {
  return new Proxy(instance, {
    get(target, name) {
      const method = Reflect.get(target, name, target);
      if (typeof method !== 'function' || name === 'constructor') {
        return method;
      }
      const wrapper: Method = (...values) => (method as Method).apply(target, values);
      for (const key of Reflect.getMetadataKeys(method)) {
        Reflect.defineMetadata(key, Reflect.getMetadata(key, method), wrapper);
      }
      return wrapper;
    },
  });
}

@Cors({ origin: [ADMIN] })
@Controller('traced')
class TracedController {
  @Put('inherited') inherited() {
    spy.ran('inherited');
  }
  @Cors({ origin: [PARTNER] }) @Put('own') own() {
    spy.ran('own');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [TracedController] })
class TracedModule {}

describePlatforms('a handler of an instance that returns a new function on each access', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, TracedModule, spy, {
    application: { logger: log, instrument: { instanceDecorator: everAnother } },
  });

  it('is a known route', () => {
    expect([...log.errors, ...log.warnings]).toEqual([]);
  });

  it('has its own policy', async () => {
    const route = { method: 'PUT', refuses: APP };
    await expectPolicy(server, { ...route, path: '/traced/inherited', handler: 'inherited', allows: ADMIN });
    await expectPolicy(server, { ...route, path: '/traced/own', handler: 'own', allows: PARTNER });
  });
});
