import { expect, it } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Module, Put } from '@nestjs/common';
import { CorsModule, type CorsModuleOptions, type CorsOptionsFactory } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, observe, type RootModule, serve, startApp } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const ORIGINS = Symbol('origins');

@Controller('r')
class AnyController {
  @Put() replace() {
    return spy.ran('replace');
  }
  @Get() list() {
    return spy.ran('list');
  }
}

@Module({ providers: [{ provide: ORIGINS, useFactory: async () => [APP] }], exports: [ORIGINS] })
class SettingsModule {}

@Injectable()
class CorsSettings implements CorsOptionsFactory {
  readonly #origins: string[];

  constructor(@Inject(ORIGINS) origins: string[]) {
    this.#origins = origins;
  }
  async createCorsOptions(): Promise<CorsModuleOptions> {
    return { origin: this.#origins, maxAge: 60 };
  }
}

@Module({ imports: [SettingsModule], providers: [CorsSettings], exports: [CorsSettings] })
class CorsSettingsModule {}

const shared = CorsModule.forRoot({ origin: [APP], maxAge: 60 });
@Module({ imports: [shared] })
class FeatureModule {}

function rootModule(imports: NonNullable<Parameters<typeof Module>[0]['imports']>): RootModule {
  @Module({ imports, controllers: [AnyController] })
  class RootModule {}
  return RootModule;
}

const options: CorsModuleOptions = { origin: [APP], maxAge: 60 };
const WAYS: Readonly<Record<string, RootModule>> = {
  'forRoot with frozen options': rootModule([CorsModule.forRoot(Object.freeze(options))]),
  'forRootAsync with a synchronous useFactory': rootModule([CorsModule.forRootAsync({ useFactory: () => options })]),
  'forRootAsync with imports, inject and an asynchronous useFactory': rootModule([
    CorsModule.forRootAsync({
      imports: [SettingsModule],
      inject: [ORIGINS],
      useFactory: async (origins: string[]) => ({ origin: origins, maxAge: 60 }),
    }),
  ]),
  'forRootAsync with useClass': rootModule([
    CorsModule.forRootAsync({ imports: [SettingsModule], useClass: CorsSettings }),
  ]),
  'forRootAsync with useExisting': rootModule([
    CorsModule.forRootAsync({ imports: [CorsSettingsModule], useExisting: CorsSettings }),
  ]),
  'one module object imported in two places': rootModule([FeatureModule, shared]),
};

describePlatforms('CorsModule', (platform) => {
  for (const [way, module] of Object.entries(WAYS)) {
    it(`applies the policy of ${way}`, async () => {
      const running = await startApp(platform, module);
      const server = observe(() => running, spy);
      try {
        await expectPolicy(server, {
          method: 'PUT',
          path: '/r',
          handler: 'replace',
          allows: APP,
          refuses: EVIL,
          maxAge: '60',
        });
      } finally {
        await running.close();
      }
    });
  }

  it('stops the boot if the options factory fails', async () => {
    const failing = rootModule([
      CorsModule.forRootAsync({
        useFactory: async (): Promise<CorsModuleOptions> => {
          throw new Error('the settings are away');
        },
      }),
    ]);
    await expect(startApp(platform, failing)).rejects.toThrow('the settings are away');
  });
});

describePlatforms('options that change after boot', (platform) => {
  const origins = [APP];
  const mutable = { origin: origins, credentials: false as boolean, maxAge: 60 };
  const server = serve(platform, rootModule([CorsModule.forRoot(mutable as CorsModuleOptions)]), spy);

  it('have no effect', async () => {
    const statement = { method: 'PUT', path: '/r', handler: 'replace', allows: APP, refuses: ADMIN, maxAge: '60' };
    await expectPolicy(server, statement);
    origins.splice(0, 1, ADMIN);
    mutable.credentials = true;
    try {
      await expectPolicy(server, statement);
    } finally {
      origins.splice(0, 1, APP);
      mutable.credentials = false;
    }
  });
});
