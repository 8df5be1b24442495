import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory, SerializedGraph } from '@nestjs/core';
import { Cors, CorsModule, CorsService } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type ServedApp, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Cors({ origin: [ADMIN] })
@Controller('things')
class ThingsController {
  @Get() list() {
    return spy.ran('list');
  }
  @Cors({ origin: (origin) => origin === PARTNER, enforce: 'all' }) @Get('enforced') enforced() {
    return spy.ran('enforced');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [ThingsController] })
class ApplicationModule {}

async function expectPolicies(server: ServedApp): Promise<void> {
  const route = { method: 'GET', path: '/things' };
  await expectPolicy(server, { ...route, handler: 'list', allows: ADMIN, refuses: APP });
  await expectPolicy(server, {
    method: 'GET',
    path: '/absent',
    handler: undefined,
    status: 404,
    allows: APP,
    refuses: ADMIN,
  });
  const enforced = async (origin: string) => {
    const { status, ran } = await server.outcome({ path: '/things/enforced', headers: { Origin: origin } });
    return [status, ran];
  };
  expect([await enforced(PARTNER), await enforced(EVIL)]).toEqual([
    [200, ['enforced']],
    [403, []],
  ]);
  expect(await server.running.app.get(CorsService).isOriginAllowed(APP)).toBe(true);
}

describePlatforms('an application in preview mode', (platform) => {
  it('can be created and initialised to read its graph', async () => {
    const options = { preview: true, snapshot: true, logger: false, abortOnError: false } as const;
    const app = await NestFactory.create(ApplicationModule, platform.createAdapter(), options);
    expect(app.get(SerializedGraph).toString()).toContain('ThingsController');
    await app.init();
    await app.close();
    const context = await NestFactory.createApplicationContext(ApplicationModule, options);
    expect(context.get(SerializedGraph).toString()).toContain('ThingsController');
    await context.close();
  });
});

describePlatforms('an application that identifies modules by their content', (platform) => {
  const server = serve(platform, ApplicationModule, spy, { application: { moduleIdGeneratorAlgorithm: 'deep-hash' } });

  it('applies its policies', () => expectPolicies(server));
});

/** Calls every method on the instance itself, as tracing tools do. Each reading of a method gives another function. */
function traced(instance: object): object {
  return new Proxy(instance, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' && name !== 'constructor'
        ? (...values: unknown[]) => value.apply(target, values)
        : value;
    },
  });
}

describePlatforms('an application whose instances are all traced', (platform) => {
  const names = new Set<string>();
  const server = serve(platform, ApplicationModule, spy, {
    application: {
      instrument: {
        instanceDecorator: (instance: object) => {
          names.add(instance.constructor.name);
          return traced(instance);
        },
      },
    },
  });

  it('applies its policies', async () => {
    expect([...names]).toEqual(expect.arrayContaining(['ThingsController', 'CorsService']));
    await expectPolicies(server);
  });
});
