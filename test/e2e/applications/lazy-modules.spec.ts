import { expect, it } from '@jest/globals';
import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { Cors, CorsConfigurationError, CorsModule, CorsService } from 'nestjs-cors';
import { describePlatforms, type RootModule, startApp } from '../../support/platforms.js';

const APP = 'https://app.example.com';

@Controller('r')
class ResourceController {
  @Get() get() {
    return 'get';
  }
}

@Module({ controllers: [ResourceController] })
class WithoutCorsModule {}

@Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [ResourceController] })
class WithCorsModule {}

const forRootAsync = () => CorsModule.forRootAsync({ useFactory: async () => ({ origin: APP }) });

function importing(imported: DynamicModule | RootModule): RootModule {
  @Module({ imports: [imported] })
  class LazyModule {}
  return LazyModule;
}

const LAZY: readonly (readonly [string, () => DynamicModule | RootModule])[] = [
  ['forRoot', () => CorsModule.forRoot({ origin: APP })],
  ['forRootAsync', forRootAsync],
  ['a module that imports forRoot', () => importing(CorsModule.forRoot({ origin: APP }))],
  ['a module that imports forRootAsync', () => importing(forRootAsync())],
  ['a module that imports one that imports forRoot', () => importing(importing(CorsModule.forRoot()))],
];

describePlatforms('LazyModuleLoader', (platform) => {
  const loadInto = async (root: RootModule, loaded: DynamicModule | RootModule): Promise<unknown> => {
    const running = await startApp(platform, root);
    try {
      await running.app.get(LazyModuleLoader).load(() => loaded);
      return 'loaded';
    } catch (error) {
      return error instanceof CorsConfigurationError
        ? error.problems.map(({ code, targets }) => [code, targets])
        : error;
    } finally {
      const { status } = await running.request({ path: '/r', headers: { Origin: APP } });
      expect(status).toBe(200);
      await running.close();
    }
  };

  it.each(LAZY)('rejects %s, because CorsModule cannot be loaded lazily', async (_title, lazy) => {
    expect(await loadInto(WithoutCorsModule, lazy())).toEqual([['module-lazy', ['CorsModule']]]);
  });

  it.each([...LAZY, ['the bare class', () => CorsModule] as const])(
    'rejects %s if the application already imports CorsModule',
    async (_title, lazy) => {
      expect(await loadInto(WithCorsModule, lazy())).toEqual([['module-duplicate', ['CorsModule']]]);
    },
  );

  it('loads a module that uses CorsService or imports the same dynamic module', async () => {
    @Module({ providers: [{ provide: 'asked', inject: [CorsService], useFactory: (cors: CorsService) => cors }] })
    class UsingModule {}
    expect(await loadInto(WithCorsModule, UsingModule)).toBe('loaded');
    const cors = CorsModule.forRoot({ origin: APP });
    @Module({ imports: [cors], controllers: [ResourceController] })
    class RootModule {}
    expect(await loadInto(RootModule, importing(cors))).toBe('loaded');
  });
});

describePlatforms('an application', (platform) => {
  const status = async (root: RootModule): Promise<unknown> => {
    const running = await startApp(platform, root);
    const response = await running.request({ path: '/r', headers: { Origin: APP } });
    await running.close();
    return response.headerLines.find(([name]) => name.toLowerCase() === 'access-control-allow-origin')?.[1];
  };

  it('accepts CorsModule in any of its modules, global or not', async () => {
    const cors = CorsModule.forRoot({ origin: APP });
    for (const imported of [cors, importing(cors), importing(importing({ ...cors, global: false }))]) {
      @Module({ imports: [imported], controllers: [ResourceController] })
      class RootModule {}
      expect(await status(RootModule)).toBe(APP);
    }
  });

  it('accepts CorsModule as its root module', async () => {
    @Controller('r')
    class OwnController {
      @Cors({ maxAge: 5 }) @Get() get() {
        return 'get';
      }
    }
    const cors = CorsModule.forRoot({ origin: APP });
    expect(await status({ ...cors, controllers: [OwnController] } as never)).toBe(APP);
  });
});
