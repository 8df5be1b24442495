import { expect, it } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Cors, CorsConfigurationError, CorsModule, type OriginResolverClass } from 'nestjs-cors';
import { describePlatforms, type RootModule, startApp } from '../support/platforms.js';

@Injectable()
class Unprovided {
  resolve(_origin: string): boolean {
    return true;
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestScoped extends Unprovided {}

@Injectable({ scope: Scope.TRANSIENT })
class Transient extends Unprovided {}

@Injectable()
class DependsOnTheRequest extends Unprovided {
  readonly request: unknown;

  constructor(@Inject(REQUEST) request: unknown) {
    super();
    this.request = request;
  }
}

@Injectable()
class Factored extends Unprovided {}

@Injectable()
class Failing extends Unprovided {
  constructor() {
    super();
    throw new Error('the table of origins is away');
  }
}

function module(resolvers: readonly OriginResolverClass[], providers: Parameters<typeof Module>[0]['providers']) {
  const controllers = resolvers.map((resolver, index) => {
    @Cors({ origin: resolver })
    @Controller(`r${index}`)
    class ResourceController {
      @Get() list() {}
    }
    return ResourceController;
  });
  const [first] = resolvers;
  @Module({
    imports: [CorsModule.forRoot({ policies: { partners: { origin: first as OriginResolverClass } } })],
    controllers,
    providers,
  })
  class ApplicationModule {}
  return ApplicationModule as RootModule;
}

describePlatforms('a resolver class at boot', (platform) => {
  const problemsOf = async (application: RootModule) => {
    try {
      await (await startApp(platform, application)).close();
    } catch (error) {
      if (error instanceof CorsConfigurationError) {
        return error.problems.map(({ code, targets, property, value }) => ({ code, targets, property, value }));
      }
      throw error;
    }
    return [];
  };

  it('stops the boot if no module provides it', async () => {
    expect(await problemsOf(module([Unprovided], []))).toEqual([
      {
        code: 'resolver-unknown',
        targets: ['policy "partners"', 'ResourceController.list'],
        property: 'origin',
        value: Unprovided,
      },
    ]);
  });

  it.each([
    ['request-scoped', RequestScoped],
    ['transient', Transient],
    ['dependent on something request-scoped', DependsOnTheRequest],
  ])('stops the boot if it is %s', async (_, resolver) => {
    expect(await problemsOf(module([resolver], [resolver]))).toEqual([
      {
        code: 'resolver-scoped',
        targets: ['policy "partners"', 'ResourceController.list'],
        property: 'origin',
        value: resolver,
      },
    ]);
  });

  it('reports every mistake at once, each with its fix', async () => {
    const boot = startApp(platform, module([Unprovided, RequestScoped, Factored], [RequestScoped]));
    await expect(boot).rejects.toThrow(CorsConfigurationError);
    const text = await boot.then(String, (error: Error) => error.message);
    for (const part of [
      'Unprovided',
      'RequestScoped',
      'Factored',
      '`@Module({ providers: [Unprovided] })`',
      'declare `cacheKey(context)` or `readonly cache = false`',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('may be provided by a value, a factory or another class', async () => {
    for (const provider of [
      { provide: Factored, useValue: { resolve: () => true } },
      { provide: Factored, useFactory: async () => new Factored() },
      { provide: Factored, useClass: Unprovided },
      Factored,
    ]) {
      expect(await problemsOf(module([Factored], [provider]))).toEqual([]);
    }
  });

  it('stops the boot with its own error if its constructor throws', async () => {
    await expect(startApp(platform, module([Failing], [Failing]))).rejects.toThrow('the table of origins is away');
  });
});
