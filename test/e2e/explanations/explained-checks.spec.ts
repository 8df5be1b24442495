import { afterEach, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Injectable, Module } from '@nestjs/common';
import { Cors, CorsModule, CorsService, type OriginContext, OriginResolverService } from 'nestjs-cors';
import { explainAndSend } from '../../support/explanations/explained-request.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
/** What the predicates and resolvers received. */
let calls: unknown[] = [];

afterEach(() => {
  calls = [];
});

@Injectable()
class Tenants {
  async resolve(origin: string) {
    calls.push(origin);
    return origin === APP;
  }
}

@Injectable()
class BrokenTenants {
  async resolve(): Promise<boolean> {
    throw new Error('no connection to \u001b[31mtenants');
  }
}

@Injectable()
class SlowTenants {
  resolve(): Promise<boolean> {
    return new Promise(() => {});
  }
}

/** Reads everything of the platform's request that a predicate may need before middleware runs. */
function readsRequest(origin: string, context: OriginContext): boolean {
  const { headers, method, url } = context.request as { headers: object; method: string; url: string };
  const { hostname, protocol, ip } = context.request as Record<'hostname' | 'protocol' | 'ip', string>;
  const { request: _, ...rest } = context;
  calls.push({ ...rest, headers, actualMethod: method, url, hostname, protocol, ip });
  return origin === APP;
}

@Controller('checks')
class ChecksController {
  @Get('resolved') @Cors({ origin: Tenants }) resolved() {
    return spy.ran('resolved');
  }
  @Get('broken') @Cors({ origin: BrokenTenants, enforce: 'unsafe-methods' }) broken() {
    return spy.ran('broken');
  }
  @Delete('broken') @Cors({ origin: BrokenTenants, enforce: 'unsafe-methods' }) removeBroken() {
    return spy.ran('remove broken');
  }
  @Get('slow') @Cors({ origin: SlowTenants }) slow() {
    return spy.ran('slow');
  }
  @Delete('predicate') @Cors({ origin: readsRequest, allowedHeaders: ['x-tenant'] }) predicate() {
    return spy.ran('predicate');
  }
  @Get('session')
  @Cors({ origin: (_, { request }) => (request as { session: { admin: boolean } }).session.admin })
  session() {
    return spy.ran('session');
  }
  @Delete('actual') @Cors({ origin: (_, { preflight }) => !preflight }) actual() {
    return spy.ran('actual');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: APP, resolver: { timeout: 50 } })],
  providers: [Tenants, BrokenTenants, SlowTenants],
  controllers: [ChecksController],
})
class Root {}

describePlatforms('an explanation with predicates and resolvers', (platform) => {
  const server = serve(platform, Root, spy);
  const explain = (request: Parameters<CorsService['explain']>[0]) =>
    server.running.app.get(CorsService).explain(request);

  it('calls a resolver, with its cache', async () => {
    await server.running.app.get(OriginResolverService).forgetAll();
    expect(await explain({ url: '/checks/resolved', origin: APP })).toMatchObject({ readable: true });
    expect(await explain({ url: '/checks/resolved', origin: ADMIN })).toMatchObject({
      readable: false,
      step: 'response',
      reason: 'origin-not-allowed',
    });
    const { explanation } = await explainAndSend(server.running, { url: '/checks/resolved', origin: APP });
    expect(explanation.readable).toBe(true);
    expect(calls).toEqual([APP, ADMIN]);
  });

  it('gives a predicate a request of the platform, for the preflight and for the request', async () => {
    const request = { method: 'DELETE', url: '/checks/predicate?a=1', origin: APP, host: 'api.example.com' };
    const { explanation } = await explainAndSend(server.running, { ...request, headers: { 'x-tenant': 'acme' } });
    expect(explanation).toMatchObject({ readable: true, target: 'ChecksController.predicate' });
    const [preflight, actual, ...sent] = calls;
    expect(preflight).toEqual({
      method: 'DELETE',
      path: '/checks/predicate?a=1',
      policy: 'ChecksController.predicate',
      preflight: true,
      controller: ChecksController,
      handler: ChecksController.prototype.predicate,
      headers: {
        host: 'api.example.com',
        origin: APP,
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'x-tenant',
      },
      actualMethod: 'OPTIONS',
      url: '/checks/predicate?a=1',
      hostname: 'api.example.com',
      protocol: 'http',
      ip: '127.0.0.1',
    });
    expect(actual).toMatchObject({
      preflight: false,
      actualMethod: 'DELETE',
      headers: { host: 'api.example.com', origin: APP, 'x-tenant': 'acme' },
    });
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatchObject({ ...(preflight as object), headers: expect.anything() });
  });

  it('knows the scheme of an absolute URL', async () => {
    await explain({ method: 'DELETE', url: 'https://api.example.com/checks/predicate', origin: APP });
    expect(calls).toMatchObject([{ protocol: 'https' }, { protocol: 'https', hostname: 'api.example.com' }]);
  });

  it.each([
    ['a predicate that needs a session', '/checks/session', /session of undefined|reading 'admin'|session/],
    ['a resolver that rejects', '/checks/broken', /'no connection to \\u001b\[31mtenants'/],
  ])('does not know the outcome of %s', async (_, url, message) => {
    const { explanation } = await explainAndSend(server.running, { url, origin: APP });
    expect(explanation).toMatchObject({
      readable: undefined,
      step: 'response',
      reason: 'origin-not-allowed',
      browsers: { chromium: undefined, firefox: undefined, webkit: undefined },
    });
    const [verdict, why] = String(explanation).split('\n');
    expect(verdict).toMatch(/^Unknown: /);
    expect(why).toMatch(message);
  });

  it('does not know the outcome where a rejected preflight would be enforced', async () => {
    const { explanation } = await explainAndSend(server.running, {
      method: 'DELETE',
      url: '/checks/broken',
      origin: APP,
    });
    expect(explanation).toMatchObject({ readable: undefined, step: 'preflight', reason: 'origin-not-allowed' });
  });

  it('blocks an origin whose resolver does not answer in time', async () => {
    const { explanation } = await explainAndSend(server.running, { url: '/checks/slow', origin: APP });
    expect(explanation).toMatchObject({ readable: false, reason: 'origin-not-allowed' });
  });

  it('counts the answer to the preflight, where a predicate answers the request differently', async () => {
    const { explanation } = await explainAndSend(server.running, {
      method: 'DELETE',
      url: '/checks/actual',
      origin: EVIL,
      headers: ['x-a'],
    });
    expect(explanation).toMatchObject({
      readable: false,
      step: 'preflight',
      reason: 'origin-not-allowed',
      next: ['header-not-allowed'],
      missingHeaders: ['x-a'],
    });
  });

  it('calls none for an origin that no browser sends', async () => {
    expect(await explain({ url: '/checks/resolved', origin: `${EVIL}/` })).toMatchObject({
      reason: 'origin-malformed',
    });
    expect(calls).toEqual([]);
  });

  it('does not mistake the error of another request for its own', async () => {
    const service = server.running.app.get(CorsService);
    const urls = ['/checks/broken', '/checks/resolved', '/checks/session', '/elsewhere'];
    const explanations = await Promise.all(urls.map((url) => service.explain({ url, origin: EVIL })));
    expect(explanations.map(({ readable }) => readable)).toEqual([undefined, false, undefined, false]);
  });
});
