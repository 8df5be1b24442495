import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, Put } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Cors, CorsModule, type OriginResolver, OriginResolverService } from 'nestjs-cors';
import { corsHeaders } from '../support/cors-headers.js';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, serve } from '../support/platforms.js';
import { EVIL, expectPolicy } from '../support/policy-statement.js';
import { rawRequest } from '../support/requests/raw-request.js';

const spy = new HandlerSpy();
const CUSTOMER = 'https://customer.example';
const PARTNER = 'https://partner.example';
const AUDITOR = 'https://auditor.example';

/** A dependency of the resolvers below, which its module does not export. */
@Injectable()
class OriginTable {
  readonly rows = new Map([
    [CUSTOMER, 'customers'],
    [PARTNER, 'partners'],
    [AUDITOR, 'auditors'],
  ]);
  readonly calls: unknown[][] = [];

  has(group: string, parameters: unknown[]): boolean {
    this.calls.push([group, ...parameters]);
    return this.rows.get(String(parameters[0])) === group;
  }
}

@Injectable()
class Customers implements OriginResolver {
  readonly #table: OriginTable;

  constructor(table: OriginTable) {
    this.#table = table;
  }
  async resolve(...parameters: [string]): Promise<boolean> {
    return this.#table.has('customers', parameters);
  }
}

@Injectable()
class Partners implements OriginResolver {
  readonly #table: OriginTable;

  constructor(table: OriginTable) {
    this.#table = table;
  }
  async resolve(...parameters: [string]): Promise<boolean> {
    return this.#table.has('partners', parameters);
  }
}

/** A synchronous resolver. */
@Injectable()
class Auditors implements OriginResolver {
  readonly #table: OriginTable;

  constructor(table: OriginTable) {
    this.#table = table;
  }
  resolve(...parameters: [string]): boolean {
    return this.#table.has('auditors', parameters);
  }
}

@Module({ providers: [OriginTable, Customers, Partners, Auditors] })
class OriginsModule {}

@Controller('r')
class ResourceController {
  @Put() replace() {
    return spy.ran('replace');
  }
  @Cors('partners') @Put('partner') partner() {
    return spy.ran('partner');
  }
  @Cors({ origin: Auditors, maxAge: 60 }) @Put('audit') audit() {
    return spy.ran('audit');
  }
}

@Cors({ origin: Partners, credentials: true })
@Controller('decorated')
class DecoratedController {
  @Get() list() {
    return spy.ran('list');
  }
}

@Module({
  imports: [OriginsModule, CorsModule.forRoot({ origin: Customers, policies: { partners: { origin: Partners } } })],
  controllers: [ResourceController, DecoratedController],
})
class ApplicationModule {}

describePlatforms('a resolver class', (platform) => {
  const server = serve(platform, ApplicationModule, spy);
  const table = () => server.running.app.get(OriginTable, { strict: false });
  beforeEach(() => server.running.app.get(OriginResolverService).forgetAll());
  afterEach(() => {
    table().calls.length = 0;
  });

  it('decides for the whole application, with its injected dependencies', async () => {
    const statement = { method: 'PUT', path: '/r', handler: 'replace', allows: CUSTOMER };
    for (const refuses of [EVIL, PARTNER, `${CUSTOMER}:1`, 'http://customer.example', `${CUSTOMER}.evil.example`]) {
      await expectPolicy(server, { ...statement, refuses });
    }
  });

  it('decides for a path without a handler', async () => {
    const none = { method: 'PUT', path: '/none', handler: undefined, status: 404 };
    await expectPolicy(server, { ...none, allows: CUSTOMER, refuses: PARTNER });
  });

  it('decides for a named policy', async () => {
    const statement = { method: 'PUT', path: '/r/partner', handler: 'partner' };
    await expectPolicy(server, { ...statement, allows: PARTNER, refuses: CUSTOMER });
  });

  it('decides for a handler, synchronously', async () => {
    const statement = { method: 'PUT', path: '/r/audit', handler: 'audit', maxAge: '60' };
    await expectPolicy(server, { ...statement, allows: AUDITOR, refuses: CUSTOMER });
  });

  it('decides for a controller', async () => {
    const statement = { method: 'GET', path: '/decorated', handler: 'list', credentials: true };
    await expectPolicy(server, { ...statement, allows: PARTNER, refuses: CUSTOMER });
  });

  it('is called once for two policies that share it, with only the origin', async () => {
    for (const path of ['/r/partner', '/decorated', '/r/partner']) {
      await server.request({ method: 'PUT', path, headers: { Origin: PARTNER } });
      await server.request({ method: 'GET', path, headers: { Origin: PARTNER } });
    }
    expect(table().calls.filter(([group]) => group === 'partners')).toStrictEqual([['partners', PARTNER]]);
  });
});

describePlatforms('a resolver class that a test replaces', (platform) => {
  const replacements: [string, object, object][] = [
    ['by another resolver', { resolve: (origin: string) => origin === EVIL }, { 'access-control-allow-origin': EVIL }],
    ['by an object without resolve()', {}, {}],
  ];

  describe.each(replacements)('%s', (_, replacement, granted) => {
    it('decides with the replacement, or denies', async () => {
      const testing = await Test.createTestingModule({ imports: [ApplicationModule] })
        .overrideProvider(Customers)
        .useValue(replacement)
        .compile();
      const app = testing.createNestApplication(platform.createAdapter(), { logger: false });
      try {
        await app.listen(0, '127.0.0.1');
        const { port } = app.getHttpServer().address() as { port: number };
        const response = await rawRequest({ port }, { method: 'PUT', path: '/r', headers: { Origin: EVIL } });
        expect([response.status, corsHeaders(response)]).toEqual([200, { ...granted, vary: 'Origin' }]);
      } finally {
        await app.close();
      }
    });
  });
});
