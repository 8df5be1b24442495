import net, { type AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, type ModuleMetadata, type OnApplicationShutdown, Put } from '@nestjs/common';
import {
  CorsConfigurationError,
  CorsModule,
  type CorsModuleAsyncOptions,
  type CorsModuleOptions,
  type CorsOptionsFactory,
} from 'nestjs-cors';
import sqlite from 'node-sqlite3-wasm';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, observe, type RootModule, startApp } from '../support/platforms.js';
import { EVIL, expectPolicy } from '../support/policy-statement.js';

const spy = new HandlerSpy();
const SHOP = 'https://shop.example';
const DATABASE = Symbol('database');

/** A database that takes a few turns of the event loop to open, as a remote one does. */
async function openDatabase(rows: readonly string[]) {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const database = new sqlite.Database(':memory:');
  database.exec('CREATE TABLE origins (origin TEXT PRIMARY KEY)');
  for (const row of rows) {
    database.run('INSERT INTO origins VALUES (?)', [row]);
  }
  return database;
}
type Database = Awaited<ReturnType<typeof openDatabase>>;

async function originsIn(database: Database): Promise<string[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return database.all('SELECT origin FROM origins').map(({ origin }) => String(origin));
}

@Injectable()
class SettingsService implements CorsOptionsFactory, OnApplicationShutdown {
  readonly #database = openDatabase([SHOP]);
  async createCorsOptions(): Promise<CorsModuleOptions> {
    return { origin: await originsIn(await this.#database), maxAge: 60 };
  }
  async onApplicationShutdown(): Promise<void> {
    (await this.#database).close();
  }
}

@Module({
  providers: [{ provide: DATABASE, useFactory: () => openDatabase([SHOP]) }, SettingsService],
  exports: [DATABASE, SettingsService],
})
class DatabaseModule {}

@Controller('r')
class ResourceController {
  @Put() replace() {
    return spy.ran('replace');
  }
}

function application(
  options: CorsModuleAsyncOptions,
  imports: NonNullable<ModuleMetadata['imports']> = [],
): RootModule {
  @Module({ imports: [CorsModule.forRootAsync(options), ...imports], controllers: [ResourceController] })
  class ApplicationModule {}
  return ApplicationModule;
}

const WAYS: readonly [string, CorsModuleAsyncOptions][] = [
  [
    'useFactory',
    {
      imports: [DatabaseModule],
      inject: [DATABASE],
      useFactory: async (database: Database) => ({ origin: await originsIn(database), maxAge: 60 }),
    },
  ],
  ['useClass', { useClass: SettingsService }],
  ['useExisting', { imports: [DatabaseModule], useExisting: SettingsService }],
];

describePlatforms('CorsModule.forRootAsync() with a database', (platform) => {
  it.each(WAYS)('awaits %s before it serves a request', async (_, options) => {
    const running = await startApp(platform, application(options));
    try {
      const server = observe(() => running, spy);
      const statement = { method: 'PUT', path: '/r', handler: 'replace', maxAge: '60' };
      await expectPolicy(server, { ...statement, allows: SHOP, refuses: EVIL });
    } finally {
      await running.close();
    }
  });
});

const refused = new Error('connect ECONNREFUSED 10.0.0.5:5432');

@Injectable()
class FailingSettings implements CorsOptionsFactory {
  async createCorsOptions(): Promise<CorsModuleOptions> {
    throw refused;
  }
}

@Module({ providers: [FailingSettings], exports: [FailingSettings] })
class FailingSettingsModule {}

const sentence = (what: string, why: string) =>
  `CorsModule.forRootAsync(): ${what} failed, so CorsModule has no options: ${why}`;

const FAILURES: readonly [string, CorsModuleAsyncOptions, string][] = [
  ['a factory that rejects', { useFactory: () => Promise.reject(refused) }, sentence('useFactory', refused.message)],
  [
    'a factory that throws',
    {
      useFactory: () => {
        throw refused;
      },
    },
    sentence('useFactory', refused.message),
  ],
  [
    'a factory that rejects with a text',
    { useFactory: () => Promise.reject('no rows') },
    sentence('useFactory', 'no rows'),
  ],
  [
    'a query that fails',
    {
      imports: [DatabaseModule],
      inject: [DATABASE],
      useFactory: async (database: Database) => ({ origin: String(database.get('SELECT origin FROM orgins')) }),
    },
    sentence('useFactory', 'no such table: orgins'),
  ],
  ['a class that rejects', { useClass: FailingSettings }, sentence('createCorsOptions()', refused.message)],
  [
    'an existing provider that rejects',
    { imports: [FailingSettingsModule], useExisting: FailingSettings },
    sentence('createCorsOptions()', refused.message),
  ],
];

describePlatforms('CorsModule.forRootAsync() that fails', (platform) => {
  const bootError = async (module: RootModule): Promise<Error> => {
    const started = await startApp(platform, module).then(
      (running) => running.close(),
      (error: Error) => error,
    );
    if (started === undefined) {
      throw new Error('the application started');
    }
    return started;
  };

  it.each(FAILURES)('stops the boot with a sentence and the cause for %s', async (_, options, message) => {
    const error = await bootError(application(options));
    expect(error.message).toBe(message);
    expect(error.cause).toBeDefined();
  });

  it('keeps the error of a database that cannot be opened', async () => {
    const options: CorsModuleAsyncOptions = {
      imports: [
        {
          module: class Away {},
          providers: [{ provide: DATABASE, useFactory: () => Promise.reject(refused) }],
          exports: [DATABASE],
        },
      ],
      inject: [DATABASE],
      useFactory: () => ({ origin: SHOP }),
    };
    expect(await bootError(application(options))).toBe(refused);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', [SHOP]],
    ['a missing origin', { origin: undefined }],
    ['no rows', { origin: [] }],
    ['a row that is not an origin', { origin: [SHOP, 'shop.example/'] }],
  ])('throws CorsConfigurationError for a factory that returns %s', async (_, options) => {
    const error = await bootError(application({ useFactory: async () => options as CorsModuleOptions }));
    expect(error).toBeInstanceOf(CorsConfigurationError);
  });

  describe('the port', () => {
    const server = net.createServer();
    afterAll(() => {
      server.close();
    });

    it('is closed while the options are read and after they failed', async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      const connects = () =>
        new Promise<boolean>((resolve) => {
          const socket = net.connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve(true);
          });
          socket.once('error', () => resolve(false));
        });
      const seen: boolean[] = [];
      const options: CorsModuleAsyncOptions = {
        useFactory: async () => {
          seen.push(await connects());
          throw refused;
        },
      };
      const boot = startApp(platform, application(options), { configure: (app) => app.listen(port, '127.0.0.1') });
      await expect(boot).rejects.toThrow(refused.message);
      expect([...seen, await connects()]).toEqual([false, false]);
    });
  });
});
