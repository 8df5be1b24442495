import { expect, it } from '@jest/globals';
import { Controller, Delete, Get, HostParam, Module, Patch, Post } from '@nestjs/common';
import {
  Cors,
  type CorsExplanation,
  type CorsExplanationRequest,
  CorsModule,
  CorsService,
  DisableCors,
} from 'nestjs-cors';
import { explainAndSend } from '../../support/explanations/explained-request.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('orders')
@Cors({ allowedHeaders: ['content-type', 'x-a'], exposedHeaders: ['x-total'] })
class OrdersController {
  @Get() list() {
    return spy.ran('list');
  }
  @Get(':id') find() {
    return spy.ran('find');
  }
  @Delete(':id') @Cors({ credentials: true, maxAge: 60 }) remove() {
    return spy.ran('remove');
  }
  @Post() @Cors({ enforce: 'all' }) create() {
    return spy.ran('create');
  }
  @Patch(':id') @Cors({ methods: ['GET'], optionsSuccessStatus: 200 }) change() {
    return spy.ran('change');
  }
}

@Controller('internal')
@DisableCors()
class InternalController {
  @Get() read() {
    return spy.ran('read');
  }
  @Get('own') @Cors('untouched') own() {
    return spy.ran('own');
  }
  @Get('partners') @Cors('partners', { credentials: true }) partners() {
    return spy.ran('partners');
  }
}

@Controller({ path: 'tenants', host: ':tenant.example.com' })
class TenantsController {
  @Get() @Cors({ origin: ADMIN }) list(@HostParam('tenant') tenant: string) {
    return spy.ran(tenant);
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: APP,
      policies: { partners: { origin: PARTNER } },
      paths: [
        { path: '/public', policy: { origin: '*' } },
        { path: '/uploads', policy: { enforce: 'unsafe-methods' } },
        { path: '/proxy', policy: 'untouched' },
        { path: '/closed', policy: false },
      ],
    }),
  ],
  controllers: [OrdersController, InternalController, TenantsController],
})
class Root {}

type Outcome = Pick<CorsExplanation, 'readable' | 'step' | 'reason' | 'next' | 'target'>;

const allowed = (target: string): Outcome => ({ readable: true, step: undefined, reason: 'allowed', next: [], target });
const blocked = (
  step: Outcome['step'],
  [reason, ...next]: [Outcome['reason'], ...Outcome['next']],
  target: string,
) => ({
  readable: false,
  step,
  reason,
  next,
  target,
});
const unknown = (target: string): Outcome => ({ ...allowed(target), readable: undefined, reason: 'no-policy' });

/** Requests, and what becomes of each. */
const CASES: readonly (readonly [title: string, request: CorsExplanationRequest, outcome: Outcome])[] = [
  ['a simple request', { url: '/orders/7', origin: APP }, allowed('OrdersController.find')],
  ['a query', { url: '/orders?open=1', origin: APP }, allowed('OrdersController.list')],
  [
    'a preflighted request with credentials',
    { method: 'DELETE', url: '/orders/7', origin: APP, headers: ['x-a', 'Content-Type'], credentials: true },
    allowed('OrdersController.remove'),
  ],
  [
    'everything wrong at once',
    { method: 'PATCH', url: '/orders/7', origin: EVIL, headers: ['x-z', 'x-b', 'x-a'], credentials: true },
    blocked(
      'preflight',
      ['origin-not-allowed', 'method-not-allowed', 'header-not-allowed', 'credentials-not-allowed'],
      'OrdersController.change',
    ),
  ],
  [
    'a method that the policy does not list',
    { method: 'PATCH', url: '/orders/7', origin: APP },
    blocked('preflight', ['method-not-allowed'], 'OrdersController.change'),
  ],
  [
    'a method in lower case that browsers do not change',
    { method: 'patch', url: '/orders/7', origin: APP },
    blocked('preflight', ['method-unknown', 'method-not-allowed'], 'CorsModule'),
  ],
  [
    'an origin with a slash at its end',
    { url: '/orders', origin: `${APP}/` },
    blocked('response', ['origin-malformed'], 'OrdersController.list'),
  ],
  [
    'a sandboxed frame',
    { url: '/orders', origin: 'null' },
    blocked('response', ['origin-null'], 'OrdersController.list'),
  ],
  [
    'an enforced simple request',
    { method: 'POST', url: '/orders', origin: EVIL },
    blocked('enforcement', ['origin-not-allowed'], 'OrdersController.create'),
  ],
  [
    'an enforced preflighted request',
    { method: 'POST', url: '/orders', origin: EVIL, headers: ['content-type'] },
    blocked('preflight', ['origin-not-allowed'], 'OrdersController.create'),
  ],
  [
    'credentials that only the browser misses',
    { url: '/orders', origin: APP, credentials: true },
    blocked('response', ['credentials-not-allowed'], 'OrdersController.list'),
  ],
  [
    'credentials that only the browser misses in the answer to the preflight',
    { url: '/orders', origin: APP, credentials: true, headers: ['x-a'] },
    blocked('preflight', ['credentials-not-allowed'], 'OrdersController.list'),
  ],
  [
    'credentials under a wildcard',
    { url: '/public/x', origin: EVIL, credentials: true },
    blocked('response', ['wildcard-with-credentials'], 'paths "/public"'),
  ],
  ['no credentials under a wildcard', { url: '/public/x', origin: EVIL }, allowed('paths "/public"')],
  ['a disabled route', { url: '/internal', origin: APP }, blocked('response', ['disabled'], 'InternalController.read')],
  [
    'a preflight for a disabled route',
    { url: '/internal', origin: APP, headers: ['x-a'] },
    blocked('preflight', ['disabled', 'header-not-allowed'], 'InternalController.read'),
  ],
  ['an untouched route', { url: '/internal/own', origin: APP }, unknown('InternalController.own')],
  [
    'a preflight for an untouched route',
    { url: '/proxy/x', origin: APP, headers: ['x-a'] },
    { ...unknown('paths "/proxy"'), next: ['header-not-allowed'] },
  ],
  [
    'a named policy',
    { url: '/internal/partners', origin: PARTNER, credentials: true },
    allowed('InternalController.partners'),
  ],
  [
    'the policy of the module under a named policy',
    { url: '/internal/partners', origin: APP },
    blocked('response', ['origin-not-allowed'], 'InternalController.partners'),
  ],
  [
    'an enforced path',
    { method: 'POST', url: '/uploads/x', origin: EVIL },
    blocked('enforcement', ['origin-not-allowed'], 'paths "/uploads"'),
  ],
  [
    'a safe method on an enforced path',
    { url: '/uploads/x', origin: EVIL },
    blocked('response', ['origin-not-allowed'], 'paths "/uploads"'),
  ],
  ['a path that is disabled', { url: '/closed/x', origin: APP }, blocked('response', ['disabled'], 'paths "/closed"')],
  [
    'a path with two meanings',
    { url: '/public/%2e%2e/x', origin: EVIL },
    blocked('response', ['path-ambiguous'], 'paths'),
  ],
  ['a method without a handler', { method: 'PUT', url: '/orders/7', origin: APP }, allowed('CorsModule')],
  ['a host', { url: '/tenants', origin: ADMIN, host: 'acme.example.com' }, allowed('TenantsController.list')],
  [
    'another host',
    { url: '/tenants', origin: ADMIN, host: 'localhost' },
    blocked('response', ['origin-not-allowed'], 'CorsModule'),
  ],
];

describePlatforms('an explanation', (platform) => {
  const server = serve(platform, Root, spy);

  it.each(CASES)('agrees with the answers to %s', async (_, request, outcome) => {
    const { explanation } = await explainAndSend(server.running, request);
    expect(explanation).toMatchObject(outcome);
    expect(explanation.handler).toBe(/[("]|^paths$|^CorsModule$/.test(outcome.target) ? undefined : outcome.target);
  });

  it.each(CASES)('names the places of the options as the list of routes does: %s', async (_, request, { target }) => {
    const service = server.running.app.get(CorsService);
    const route = service.routes().find((one) => one.target === target);
    const { sources } = await service.explain(request);
    expect(sources).toEqual(route === undefined ? expect.any(Object) : route.sources);
  });
});
