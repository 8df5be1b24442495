import { expect, it } from '@jest/globals';
import { All, Controller, Get, type INestApplication, Module, Post, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions, CorsService, DisableCors } from 'nestjs-cors';
import { describePlatforms, type Platform, type RootModule } from '../../support/platforms.js';
import { ADMIN, APP, PARTNER } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

@Controller('orders')
class OrdersController {
  @Get() list(): void {}
  @Post(':id') create(): void {}
  @Put() replace(): void {}
}

@Controller('others')
class OthersController {
  @Cors({ origin: ADMIN, credentials: true }) @All('admin') admin(): void {}
  @Cors({ credentials: false }) @Post('without-credentials') withoutCredentials(): void {}
  @Cors({ origin: '*', credentials: false }) @Post('public') public(): void {}
  @Cors({ origin: (origin) => origin === ADMIN, credentials: true }) @Post('predicate') predicate(): void {}
  @DisableCors() @Post('disabled') disabled(): void {}
}

@Controller('reading')
class ReadingController {
  @Get() list(): void {}
}

type Protection = Parameters<INestApplication['enableCsrfProtection']>[0];

/** The warnings about CSRF protection of one boot. */
async function warnings(
  platform: Platform,
  options: CorsModuleOptions,
  protection: Protection | ((cors: CorsService) => Protection) | 'off',
  controllers: RootModule[] = [OrdersController],
): Promise<string[]> {
  @Module({ imports: [CorsModule.forRoot(options)], controllers })
  class Root {}
  const log = new RecordedLog();
  const app = await NestFactory.create(Root, platform.createAdapter(), { logger: log, abortOnError: false });
  if (protection === 'off') {
    app.useSecurityHeaders();
  } else {
    app.enableCsrfProtection(typeof protection === 'function' ? protection(app.get(CorsService)) : protection);
  }
  await app.init();
  await app.close();
  return log.warnings.filter((line) => line.includes('csrf-refuses-allowed in '));
}

/** A request of either platform. */
interface AnyRequest {
  readonly method: string;
  readonly headers: { readonly origin: string };
  readonly url: string;
  readonly raw?: { readonly url: string };
  readonly path?: string;
}

describePlatforms('the warning csrf-refuses-allowed', (platform) => {
  const listed = { origin: [APP, 'https://*.preview.example.com', 'http://localhost:*'], credentials: true };
  const text = (places: string, origins: string) =>
    `csrf-refuses-allowed in ${places}: This policy allows credentials from ${origins}, but enableCsrfProtection() refuses`;

  it('names the places, the origins and the line to write, once', async () => {
    const [warning, ...others] = await warnings(platform, listed, undefined);
    expect(others).toEqual([]);
    expect(warning).toContain(
      text(
        'OrdersController.create, OrdersController.replace',
        "'https://app.example.com', 'https://*.preview.example.com', 'http://localhost:*'",
      ),
    );
    expect(warning).toContain('`app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() })`');
  });

  it('names only the origins that trustedOrigins lacks', async () => {
    const [warning] = await warnings(platform, listed, { trustedOrigins: [APP, 'http://localhost:5173'] });
    expect(warning).toContain(
      text(
        'OrdersController.create, OrdersController.replace',
        "'https://*.preview.example.com', 'http://localhost:*'",
      ),
    );
  });

  it('names handlers by their own policies, and no policy without a list or without credentials', async () => {
    const found = await warnings(platform, listed, { trustedOrigins: [APP] }, [OthersController]);
    expect(found.join('\n')).toContain(text('OthersController.admin', `'${ADMIN}'`));
    for (const handler of ['withoutCredentials', 'public', 'predicate', 'disabled']) {
      expect(found.join('\n')).not.toContain(`OthersController.${handler}`);
    }
  });

  it('names entries of `paths`, and the module if no handler has its policy', async () => {
    const options: CorsModuleOptions = {
      origin: APP,
      credentials: true,
      paths: [
        { path: '/graphql', policy: { origin: PARTNER } },
        { path: '/files', policy: 'untouched' },
      ],
    };
    const found = (await warnings(platform, options, undefined, [ReadingController])).join('\n');
    expect(found).toContain(text('paths "/graphql"', `'${PARTNER}'`));
    expect(found).toContain(text('CorsModule', `'${APP}'`));
    expect(found).not.toContain('/files');
  });

  it.each<[string, CorsModuleOptions, Protection | ((cors: CorsService) => Protection) | 'off']>([
    ['the protection is off', listed, 'off'],
    ['trustedOrigins covers the list', { origin: [APP, ADMIN], credentials: true }, { trustedOrigins: [ADMIN, APP] }],
    ['no policy has credentials', { origin: APP }, undefined],
    ['any origin is allowed', { origin: '*' }, undefined],
    ['no policy is open', {}, undefined],
    ['csrfExclude() is used', listed, (cors) => ({ exclude: cors.csrfExclude() })],
    ['csrfExclude() has a predicate', listed, (cors) => ({ exclude: cors.csrfExclude(() => false) })],
    [
      'the own function calls csrfExclude()',
      listed,
      (cors) => ({ exclude: (request) => request.url !== '/webhooks' && cors.csrfExclude()(request) }),
    ],
    ['the own function excludes everything', listed, { exclude: () => true }],
    ['the own function excludes the routes', listed, { exclude: ({ url }: AnyRequest) => url.startsWith('/orders') }],
    [
      'the own function has the same patterns',
      {
        origin: ['https://*.preview.example.com', 'https://shop-*-eu.example.com:8443', 'http://localhost:*'],
        credentials: true,
      },
      {
        exclude: ({ headers: { origin } }: AnyRequest) =>
          /^https:\/\/(\w+\.preview\.example\.com|shop-\w+-eu\.example\.com:8443)$|^http:\/\/localhost:\d+$/.test(
            origin,
          ),
      },
    ],
    ['the routes are excluded', listed, { exclude: ['orders', 'orders/:id'] }],
    [
      'the own function throws for a request that was never sent',
      listed,
      {
        exclude: () => {
          throw new Error('not now');
        },
      },
    ],
    ['it is silenced', { ...listed, diagnostics: { silence: ['csrf-refuses-allowed'] } }, undefined],
  ])('is not logged if %s', async (_why, options, protection) => {
    expect(await warnings(platform, options, protection)).toEqual([]);
  });

  it.each<[string, Protection]>([
    ['the list of routes has only some', { exclude: ['orders'] }],
    ['the own function excludes only some routes', { exclude: ({ url }: AnyRequest) => url === '/orders' }],
    [
      'the own function reads the request of the platform',
      { exclude: ({ raw, path }: AnyRequest) => (platform.name === 'express' ? path : raw?.url) === '/orders' },
    ],
    ['the own function reads the methods', { exclude: ({ method }: AnyRequest) => method === 'PUT' }],
  ])('names the other handlers if %s', async (_why, protection) => {
    const found = await warnings(platform, { origin: APP, credentials: true }, protection);
    expect(found.join('\n')).toContain(text('OrdersController.create', `'${APP}'`));
  });

  it('names five origins of a long list', async () => {
    const origin = Array.from({ length: 100 }, (_one, index) => `https://app-${index}.example.com`);
    const [warning] = await warnings(platform, { origin, credentials: true }, undefined);
    expect(warning).toContain("'https://app-4.example.com' and others, but");
  });

  it('tries a bounded number of requests', async () => {
    const origin = Array.from({ length: 8_000 }, (_one, index) => `https://app-${index}.example.com`);
    let tried = 0;
    const exclude = () => {
      tried += 1;
      return true;
    };
    expect(await warnings(platform, { origin, credentials: true }, { exclude })).toEqual([]);
    expect(tried).toBe(5_000);
  });
});
