import { expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  type INestApplication,
  Injectable,
  Module,
  type OnModuleInit,
  Post,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions, CorsService, DisableCors } from 'nestjs-cors';
import { describePlatforms, type Platform } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { boot, codesOf, RecordedLog } from '../../unit/boot/boot.js';
import { EXPRESS } from '../routes/unexpected-routes.js';

@Controller('orders')
class OrdersController {
  @Get() list() {}
  @Cors({ origin: ADMIN, maxAge: 600 }) @Post() create() {}
  @DisableCors() @Delete(':id') remove() {}
}

/** A library that registers a route when the application initialises, as Swagger and GraphQL do. */
@Injectable()
class Library implements OnModuleInit {
  readonly #host: HttpAdapterHost;

  constructor(host: HttpAdapterHost) {
    this.#host = host;
  }

  onModuleInit(): void {
    this.#host.httpAdapter?.get('/docs', () => undefined);
  }
}

class PrintedLog extends RecordedLog {
  readonly printed: string[] = [];
  override log(message?: unknown): void {
    const text = String(message);
    if (text.startsWith('CORS:')) {
      this.printed.push(text);
    }
  }
}

function moduleWith(options: CorsModuleOptions) {
  @Module({ imports: [CorsModule.forRoot(options)], controllers: [OrdersController], providers: [Library] })
  class ApplicationModule {}
  return ApplicationModule;
}

async function initialised(
  platform: Platform,
  options: CorsModuleOptions,
  use: (app: INestApplication, log: PrintedLog) => unknown,
  configure: (app: INestApplication) => unknown = () => undefined,
): Promise<void> {
  const log = new PrintedLog();
  const app = await NestFactory.create(moduleWith(options), platform.createAdapter(), { logger: log });
  try {
    configure(app);
    await app.init();
    await use(app, log);
  } finally {
    await app.close();
  }
}

const PRINTING: CorsModuleOptions = { origin: APP, diagnostics: { printRoutes: true } };

describePlatforms('diagnostics.printRoutes', (platform) => {
  it('logs the table once, with the global prefix and the routes of libraries', async () => {
    await initialised(
      platform,
      PRINTING,
      async (app, log) => {
        await app.listen(0, '127.0.0.1');
        expect(log.printed).toEqual([
          [
            'CORS: 4 routes: 3 open, 0 untouched, 1 disabled',
            `  admin  ${ADMIN}`,
            `  app    ${APP}`,
            '  R readable without credentials, - not readable',
            '  routes  admin  app  policy',
            '       2  -      R    open; origin from CorsModule',
            '        GET /api/orders  OrdersController.list',
            '        GET /docs        CorsModule',
            '       1  R      -    open; max-age 600; origin from OrdersController.create',
            '        POST /api/orders  OrdersController.create',
            '       1  -      -    disabled',
            '        DELETE /api/orders/:id  OrdersController.remove',
          ].join('\n'),
        ]);
        expect(app.get(CorsService).describe()).toBe(log.printed[0]);
        expect(app.get(CorsService).describe('table')).toBe(log.printed[0]);
      },
      (app) => app.setGlobalPrefix('api'),
    );
  });

  it.each([{}, { printRoutes: false }])('logs nothing with %j', async (diagnostics) => {
    await initialised(platform, { origin: APP, diagnostics }, (_app, log) => expect(log.printed).toEqual([]));
  });

  it('must be true or false', async () => {
    const found = await boot(moduleWith({ origin: APP, diagnostics: { printRoutes: 'table' as never } }), platform);
    expect(codesOf(found)).toEqual(['option-type in CorsModule']);
    expect(found.message).toContain("diagnostics.printRoutes is 'table' but must be true or false");
  });
});

it('prints nothing in an application without HTTP, which has no routes', async () => {
  const log = new PrintedLog();
  const context = await NestFactory.createApplicationContext(moduleWith(PRINTING), { logger: log });
  try {
    expect(log.printed).toEqual([]);
    expect(context.get(CorsService).routes()).toEqual([]);
    expect(context.get(CorsService).describe('snapshot')).toBe('');
    expect(() => context.get(CorsService).describe('json' as never)).toThrow(
      new TypeError("CorsService.describe(): `form` is 'json'. Write 'table' or 'snapshot'."),
    );
  } finally {
    await context.close();
  }
});

it('logs the table once if the first attempt to initialise failed afterwards (express)', async () => {
  const log = new PrintedLog();
  let attempts = 0;
  @Module({ imports: [CorsModule.forRoot(PRINTING)] })
  class ApplicationModule {
    onApplicationBootstrap(): void {
      attempts++;
      if (attempts === 1) {
        throw new Error('first attempt');
      }
    }
  }
  const app = await NestFactory.create(ApplicationModule, EXPRESS.createAdapter(), { logger: log });
  try {
    await expect(app.init()).rejects.toThrow('first attempt');
    await app.init();
    expect([attempts, log.printed.length]).toEqual([2, 1]);
  } finally {
    await app.close();
  }
});
