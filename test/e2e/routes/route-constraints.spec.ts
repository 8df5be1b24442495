import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Module, type Type, Version, VersioningType } from '@nestjs/common';
import { FastifyAdapter, RouteConfig, RouteConstraints } from '@nestjs/platform-fastify';
import newFastify from 'fastify';
import { Cors, CorsConfigurationError, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import {
  PLATFORMS,
  type Platform,
  type RootModule,
  type StartOptions,
  serve,
  startApp,
} from '../../support/platforms.js';
import {
  ADMIN,
  APP,
  EVIL,
  PARTNER,
  PREFLIGHT_VARY,
  preflight,
  REFUSED_PREFLIGHT,
} from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const fastify = PLATFORMS.find(({ name }) => name === 'fastify') as Platform;
const express = PLATFORMS.find(({ name }) => name === 'express') as Platform;

/** Compares text, as in the README of Fastify. */
function textStorage() {
  const routes = new Map<unknown, unknown>();
  return {
    get: (value: unknown) => routes.get(value),
    set: (value: unknown, route: unknown) => routes.set(value, route),
  };
}

interface RawHeaders {
  readonly headers: Record<string, string | undefined>;
}

function headerStrategy(name: string, storage: () => object = textStorage, more: object = {}) {
  return {
    name,
    storage,
    validate: () => true,
    deriveConstraint: (request: RawHeaders) => request.headers[`x-${name}`],
    ...more,
  };
}

const tenantStrategy = () => ({ constraints: { tenant: headerStrategy('tenant') } });

function granted(origin: string, maxAge?: string) {
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'DELETE',
      ...(maxAge === undefined ? {} : { 'access-control-max-age': maxAge }),
      vary: PREFLIGHT_VARY,
    },
    ran: [],
  };
}

const ALLOWED_NAMES = { allowedHeaders: ['x-tenant', 'x-region'] };

@Controller('accounts')
class AccountsController {
  @DisableCors()
  @RouteConstraints({ tenant: 'a' })
  @Delete(':id')
  removeOfA() {
    return spy.ran('remove of a');
  }
  @Cors({ origin: [PARTNER] })
  @RouteConstraints({ tenant: 'b' })
  @Delete(':id')
  removeOfB() {
    return spy.ran('remove of b');
  }
  @Delete(':id')
  remove() {
    return spy.ran('remove');
  }
}

@Controller('alone')
class AloneController {
  @DisableCors()
  @RouteConstraints({ tenant: 'a' })
  @Delete('closed')
  closed() {
    return spy.ran('closed');
  }
  @Cors({ origin: [ADMIN], maxAge: 60 })
  @RouteConstraints({ tenant: 'b' })
  @Delete('open')
  open() {
    return spy.ran('open');
  }
}

function moduleOf(...controllers: Type[]): RootModule {
  @Module({ imports: [CorsModule.forRoot({ origin: [APP], maxAge: 600, ...ALLOWED_NAMES })], controllers })
  class Root {}
  return Root;
}

describe('a constraint that reads a header (fastify)', () => {
  const server = serve(fastify, moduleOf(AccountsController, AloneController), spy, { adapter: tenantStrategy() });

  describe('in a preflight', () => {
    it.each([APP, PARTNER])('allows %s if one candidate handler does, with max-age 0', async (origin) => {
      expect(await server.outcome(preflight(origin, 'DELETE', '/accounts/1'))).toEqual(granted(origin, '0'));
    });

    it.each([ADMIN, EVIL])('refuses %s if no candidate handler allows it', async (origin) => {
      expect(await server.outcome(preflight(origin, 'DELETE', '/accounts/1'))).toEqual(REFUSED_PREFLIGHT);
    });

    it.each([APP, PARTNER])('ignores the constraint header of the preflight itself: %s', async (origin) => {
      const { headers, ...request } = preflight(origin, 'DELETE', '/accounts/1');
      const outcome = await server.outcome({ ...request, headers: { ...headers, 'X-Tenant': 'a' } });
      expect(outcome).toEqual(granted(origin, '0'));
    });
  });

  it.each([
    ['a', APP, 403, []],
    ['a', PARTNER, 403, []],
    ['b', PARTNER, 200, ['remove of b']],
    ['b', APP, 403, []],
    ['c', APP, 200, ['remove']],
    [undefined, APP, 200, ['remove']],
    [undefined, PARTNER, 403, []],
  ])('enforces the policy of its own handler: tenant %s from %s', async (tenant, origin, status, ran) => {
    const headers = { Origin: origin, 'X-Tenant': tenant };
    const outcome = await server.outcome({ method: 'DELETE', path: '/accounts/1', headers });
    expect(outcome).toMatchObject({ status, ran });
    expect(outcome.headers['access-control-allow-origin']).toBe(status === 200 ? origin : undefined);
  });

  it('applies the policy of a handler that is alone at its URL', async () => {
    expect(await server.outcome(preflight(APP, 'DELETE', '/alone/closed'))).toEqual(REFUSED_PREFLIGHT);
    expect(await server.outcome(preflight(ADMIN, 'DELETE', '/alone/open'))).toEqual(granted(ADMIN, '60'));
    expect(await server.outcome(preflight(APP, 'DELETE', '/alone/open'))).toEqual(REFUSED_PREFLIGHT);
  });

  it('applies the policy of the handler if the body cannot be parsed', async () => {
    const request = {
      method: 'DELETE',
      path: '/alone/open',
      headers: { 'X-Tenant': 'b', 'Content-Type': 'application/json' },
      body: '{',
    };
    const answer = async (origin: string) => {
      const { status, headers } = await server.outcome({ ...request, headers: { ...request.headers, Origin: origin } });
      return [status, headers['access-control-allow-origin']];
    };
    expect(await answer(ADMIN)).toEqual([400, ADMIN]);
    expect(await answer(APP)).toEqual([400, undefined]);
  });
});

describe('a constraint on Express', () => {
  const server = serve(express, moduleOf(AloneController), spy);

  it('is ignored', async () => {
    expect(await server.outcome(preflight(ADMIN, 'DELETE', '/alone/open'))).toEqual(granted(ADMIN, '60'));
    const headers = { Origin: ADMIN };
    const { status, ran } = await server.outcome({ method: 'DELETE', path: '/alone/open', headers });
    expect([status, ran]).toEqual([200, ['open']]);
  });
});

describe('several constraints (fastify)', () => {
  @Controller('mixed')
  class MixedController {
    @Cors({ origin: [PARTNER] })
    @RouteConstraints({ tenant: 'a', region: 'eu' })
    @Delete('both')
    both() {
      return spy.ran('a in eu');
    }
    @DisableCors()
    @RouteConstraints({ region: 'eu' })
    @Delete('both')
    region() {
      return spy.ran('eu');
    }
    @Cors({ origin: [ADMIN] })
    @RouteConstraints({ tenant: 'a' })
    @Delete('both')
    tenant() {
      return spy.ran('a');
    }
    @DisableCors()
    @RouteConstraints({ host: 'one.test' })
    @Delete('host')
    hosted() {
      return spy.ran('one.test');
    }
    @Cors({ origin: [PARTNER] })
    @RouteConstraints({ host: /^.*\.partner\.test$/ })
    @Delete('host')
    matched() {
      return spy.ran('partner.test');
    }
    @Delete('host')
    other() {
      return spy.ran('any host');
    }
  }
  const constraints = { tenant: headerStrategy('tenant'), region: headerStrategy('region') };
  const server = serve(fastify, moduleOf(MixedController), spy, { adapter: { routerOptions: { constraints } } });

  it.each([PARTNER, ADMIN])('make each combination a candidate: %s', async (origin) => {
    expect(await server.outcome(preflight(origin, 'DELETE', '/mixed/both'))).toEqual(granted(origin, '0'));
  });

  it.each([
    ['a', 'eu', PARTNER, 'a in eu'],
    ['b', 'eu', PARTNER, undefined],
    ['a', undefined, ADMIN, 'a'],
    ['a', 'eu', ADMIN, undefined],
  ])('enforce the policy of the selected handler: %s in %s from %s', async (tenant, region, origin, handler) => {
    const headers = { Origin: origin, 'X-Tenant': tenant, 'X-Region': region };
    const { status, ran } = await server.outcome({ method: 'DELETE', path: '/mixed/both', headers });
    expect([status, ran]).toEqual(handler === undefined ? [403, []] : [200, [handler]]);
  });

  it.each([
    ['one.test', APP, undefined],
    ['x.partner.test', PARTNER, PARTNER],
    ['x.partner.test', APP, undefined],
    ['other.test', APP, APP],
    ['other.test', PARTNER, undefined],
  ])('use the host of the preflight: %s from %s', async (host, origin, allowed) => {
    const { headers, ...request } = preflight(origin, 'DELETE', '/mixed/host');
    const outcome = await server.outcome({ ...request, headers: { ...headers, Host: host } });
    expect(outcome).toEqual(allowed === undefined ? REFUSED_PREFLIGHT : granted(allowed, '600'));
  });
});

/** A controller with these constraints on handlers of one method and URL: `first`, `second` and so on. */
function controllerOf(
  policies: (ClassDecorator & MethodDecorator)[],
  constraints: (Record<string, unknown> | undefined)[],
): Type {
  class Constrained {}
  constraints.forEach((constraint, index) => {
    const name = `handler${index}`;
    const value = { [name]: () => spy.ran(name) }[name];
    const descriptor = { value, configurable: true, writable: true };
    Object.defineProperty(Constrained.prototype, name, descriptor);
    Delete('x')(Constrained.prototype, name, descriptor);
    policies[index % policies.length]?.(Constrained.prototype, name, descriptor);
    if (constraint !== undefined) {
      RouteConstraints(constraint)(Constrained.prototype, name, descriptor);
    }
  });
  Controller('shared')(Constrained);
  return Constrained;
}

const TWO_POLICIES = [Cors({ origin: [PARTNER] }), Cors({ origin: [ADMIN] })] as (ClassDecorator & MethodDecorator)[];
const ONE_POLICY = [Cors({ origin: [PARTNER] })] as (ClassDecorator & MethodDecorator)[];

/** Matches by expression: the values of requests cannot be listed. */
function expressionStorage() {
  const routes: [RegExp, unknown][] = [];
  return {
    get: (value: string) => routes.find(([expression]) => expression.test(value))?.[1],
    set: (expression: RegExp, route: unknown) => routes.unshift([expression, route]),
  };
}

/** Matches by major version: `2.x` is every version that starts with `2.`. */
function rangeStorage() {
  const routes: [string, unknown][] = [];
  const matches = (range: string, value: string) =>
    range.endsWith('.x') ? value.startsWith(range.slice(0, -1)) : range === value;
  return {
    get: (value: string) => routes.find(([range]) => matches(range, value))?.[1],
    set: (range: string, route: unknown) => routes.unshift([range, route]),
  };
}

/** Also matches values that are not registered. */
function fallbackStorage() {
  const routes = new Map<unknown, unknown>();
  return {
    get: (value: unknown) => routes.get(value) ?? routes.get('*'),
    set: (value: unknown, route: unknown) => routes.set(value, route),
  };
}

const asynchronous = {
  deriveConstraint: (request: RawHeaders, _: unknown, done: (error: null, value?: string) => void) =>
    setImmediate(() => done(null, request.headers['x-tenant'])),
};

const letters = (count: number, name: string) => Array.from({ length: count }, (_, index) => ({ [name]: `v${index}` }));

describe('constraints that cannot be distinguished (fastify)', () => {
  let close: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await close?.();
    close = undefined;
  });

  async function start(controller: Type, strategies: object, options: StartOptions = {}) {
    const running = await startApp(fastify, moduleOf(controller), {
      adapter: { routerOptions: { constraints: strategies } },
      ...options,
    });
    close = running.close;
    return running;
  }

  async function problemsOf(booting: Promise<unknown>) {
    const error = await booting.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CorsConfigurationError);
    return (error as CorsConfigurationError).problems;
  }

  const both = ['Constrained.handler0', 'Constrained.handler1'];

  it.each([
    ['an asynchronous strategy', { tenant: 'a' }, headerStrategy('tenant', textStorage, asynchronous), 'asynchronous'],
    ['an expression', { tenant: /^a/ }, headerStrategy('tenant', expressionStorage), 'cannot be listed'],
    ['a range', { tenant: '2.x' }, headerStrategy('tenant', rangeStorage), 'cannot be listed'],
    ['a fallback', { tenant: '*' }, headerStrategy('tenant', fallbackStorage), 'cannot be listed'],
  ])('stop the boot if policies differ: %s', async (_what, constraint, strategy, reason) => {
    const controller = controllerOf(TWO_POLICIES, [constraint, undefined]);
    const [problem, ...others] = await problemsOf(start(controller, { tenant: strategy }));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'constraint-unsupported', targets: both });
    expect(problem?.message).toContain('DELETE /shared/x');
    expect(problem?.message).toContain('`tenant`');
    expect(problem?.message).toContain(reason);
    expect(problem?.remedy).toContain('@Cors(');
  });

  it.each([
    ['an asynchronous strategy', { tenant: 'a' }, headerStrategy('tenant', textStorage, asynchronous)],
    ['an expression', { tenant: /^a/ }, headerStrategy('tenant', expressionStorage)],
    ['a range', { tenant: '2.x' }, headerStrategy('tenant', rangeStorage)],
    ['a fallback', { tenant: '*' }, headerStrategy('tenant', fallbackStorage)],
  ])('allow the boot if all handlers have one policy: %s', async (_what, constraint, strategy) => {
    for (const constraints of [[constraint, undefined], [constraint]]) {
      const { request, close: stop } = await start(controllerOf(ONE_POLICY, constraints), { tenant: strategy });
      for (const [origin, status] of [
        [PARTNER, 204],
        [APP, 403],
      ] as const) {
        const response = await request(preflight(origin, 'DELETE', '/shared/x'));
        expect([origin, response.status]).toEqual([origin, status]);
      }
      await stop();
      close = undefined;
    }
  });

  it('do not stop the boot if the router has no such strategy', async () => {
    const controller = controllerOf(TWO_POLICIES, [{ tenant: 'a' }, undefined]);
    await expect(start(controller, {})).rejects.toThrow('No strategy registered for constraint key tenant');
  });

  it('allow the boot if the other policy has another URL or method', async () => {
    @Controller('shared')
    class Others {
      @DisableCors()
      @Get('x')
      read() {
        return spy.ran('read');
      }
      @RouteConstraints({ tenant: 'a' })
      @Delete('y')
      removeY() {
        return spy.ran('y');
      }
      @DisableCors()
      @RouteConstraints({ tenant: 'a' })
      @Delete('x')
      remove() {
        return spy.ran('x');
      }
    }
    const { request } = await start(Others, { tenant: headerStrategy('tenant', textStorage, asynchronous) });
    expect((await request(preflight(APP, 'DELETE', '/shared/x'))).status).toBe(403);
    expect((await request(preflight(APP, 'DELETE', '/shared/y'))).status).toBe(204);
  });

  describe('in large numbers', () => {
    const strategies = { tenant: headerStrategy('tenant'), region: headerStrategy('region') };

    it('are accepted up to 64 combinations', async () => {
      const controller = controllerOf(TWO_POLICIES, [...letters(7, 'tenant'), ...letters(7, 'region')]);
      const { request } = await start(controller, strategies);
      expect((await request(preflight(PARTNER, 'DELETE', '/shared/x'))).status).toBe(204);
      expect((await request(preflight(ADMIN, 'DELETE', '/shared/x'))).status).toBe(204);
      expect((await request(preflight(APP, 'DELETE', '/shared/x'))).status).toBe(403);
    });

    it('stop the boot above 64 combinations', async () => {
      const controller = controllerOf(TWO_POLICIES, [...letters(8, 'tenant'), ...letters(7, 'region')]);
      const [problem] = await problemsOf(start(controller, strategies));
      expect(problem).toMatchObject({ code: 'constraint-unsupported' });
      expect(problem?.message).toContain(
        '(`tenant`, `region`) have 72 combinations of values, and at most 64 are compared',
      );
    });

    it('are accepted above 64 combinations if all have one policy', async () => {
      const controller = controllerOf(ONE_POLICY, [...letters(8, 'tenant'), ...letters(8, 'region')]);
      const { request } = await start(controller, strategies);
      expect((await request(preflight(PARTNER, 'DELETE', '/shared/x'))).status).toBe(204);
      expect((await request(preflight(APP, 'DELETE', '/shared/x'))).status).toBe(403);
    });
  });

  describe('added to the instance', () => {
    const add = (strategy: object): StartOptions => ({
      adapter: {},
      configure: (app) =>
        (app.getHttpAdapter().getInstance() as { addConstraintStrategy(one: object): void }).addConstraintStrategy(
          strategy,
        ),
    });
    const controller = () => controllerOf(TWO_POLICIES, [{ tenant: 'a' }, { tenant: 'b' }]);

    it('are candidates like those of the adapter', async () => {
      const { request } = await start(controller(), {}, add(headerStrategy('tenant')));
      expect((await request(preflight(PARTNER, 'DELETE', '/shared/x'))).status).toBe(204);
      expect((await request(preflight(ADMIN, 'DELETE', '/shared/x'))).status).toBe(204);
      expect((await request(preflight(APP, 'DELETE', '/shared/x'))).status).toBe(403);
      const headers = { Origin: PARTNER, 'X-Tenant': 'b' };
      expect((await request({ method: 'DELETE', path: '/shared/x', headers })).status).toBe(403);
    });

    it('stop the boot like those of the adapter', async () => {
      const [problem] = await problemsOf(
        start(controller(), {}, add(headerStrategy('tenant', textStorage, asynchronous))),
      );
      expect(problem).toMatchObject({ code: 'constraint-unsupported', targets: both });
    });
  });
});

describe('a constraint that a plugin adds to routes (fastify)', () => {
  @Controller('plugin')
  class PluginController {
    @DisableCors()
    @RouteConfig({ tenant: 'a' })
    @Delete('differ')
    removeOfA() {
      return spy.ran('remove of a');
    }
    @Delete('differ')
    remove() {
      return spy.ran('remove');
    }
    @RouteConfig({ tenant: 'a' })
    @Delete('alike')
    alikeOfA() {
      return spy.ran('alike of a');
    }
    @Delete('alike')
    alike() {
      return spy.ran('alike');
    }
    @DisableCors()
    @RouteConstraints({ region: 'eu' })
    @RouteConfig({ tenant: 'a' })
    @Delete('both')
    both() {
      return spy.ran('a in eu');
    }
    @Delete('both')
    other() {
      return spy.ran('other');
    }
  }
  interface PluginRoute {
    config?: { readonly tenant?: string };
    constraints?: object;
  }
  const server = serve(fastify, moduleOf(PluginController), spy, {
    adapter: { constraints: { tenant: headerStrategy('tenant'), region: headerStrategy('region') } },
    configure: (app) => {
      const instance = app.getHttpAdapter().getInstance() as {
        addHook(name: 'onRoute', hook: (route: PluginRoute) => void): void;
      };
      instance.addHook('onRoute', (route) => {
        if (route.config?.tenant !== undefined) {
          route.constraints = { ...route.constraints, tenant: route.config.tenant };
        }
      });
    },
  });

  it('makes preflights refused if policies differ, because the actual request is not enforced', async () => {
    expect(await server.outcome(preflight(APP, 'DELETE', '/plugin/differ'))).toEqual(REFUSED_PREFLIGHT);
  });

  it('does not matter if there is one policy or a decorator constraint enforces it', async () => {
    expect(await server.outcome(preflight(APP, 'DELETE', '/plugin/alike'))).toEqual(granted(APP, '600'));
    expect(await server.outcome(preflight(APP, 'DELETE', '/plugin/both'))).toEqual(granted(APP, '0'));
    for (const [tenant, status] of [
      ['a', 403],
      ['b', 200],
    ] as const) {
      const headers = { Origin: APP, 'X-Tenant': tenant, 'X-Region': 'eu' };
      expect((await server.outcome({ method: 'DELETE', path: '/plugin/both', headers })).status).toBe(status);
    }
  });
});

describe('a version constraint (fastify)', () => {
  const controller = () => controllerOf(TWO_POLICIES, [{ version: '1.2' }, { version: '2.0.0' }]);

  /** The adapter reads versions only if a handler has one. */
  @Controller('versioned')
  class VersionedController {
    @Version('1')
    @Get()
    read() {
      return spy.ran('versioned');
    }
  }

  describe('with the strategy of Nest', () => {
    const server = serve(fastify, moduleOf(controller(), VersionedController), spy, {
      configure: (app) => app.enableVersioning({ type: VersioningType.MEDIA_TYPE, key: 'v=' }),
    });

    it.each([
      [PARTNER, '1.2', 'handler0'],
      [ADMIN, '1.2', undefined],
      [ADMIN, '2.0.0', 'handler1'],
    ])('makes each handler a candidate: %s, version %s', async (origin, version, handler) => {
      expect(await server.outcome(preflight(origin, 'DELETE', '/shared/x'))).toEqual(granted(origin, '0'));
      const headers = { Origin: origin, Accept: `application/json;v=${version}` };
      const { status, ran } = await server.outcome({ method: 'DELETE', path: '/shared/x', headers });
      expect([status, ran]).toEqual(handler === undefined ? [403, []] : [200, [handler]]);
    });
  });

  describe('with the strategy of Fastify', () => {
    /** The adapter adds its strategy only to instances that it creates. */
    const given: Platform = { name: 'fastify', createAdapter: () => new FastifyAdapter(newFastify() as never) };
    const server = serve(given, moduleOf(controller()), spy);

    it.each([
      [PARTNER, '1.x', 'handler0'],
      [PARTNER, '1.2.0', 'handler0'],
      [ADMIN, '1.2.0', undefined],
      [ADMIN, '*', 'handler1'],
    ])('makes each handler a candidate: %s, version %s', async (origin, version, handler) => {
      expect(await server.outcome(preflight(origin, 'DELETE', '/shared/x'))).toEqual(granted(origin, '0'));
      const headers = { Origin: origin, 'Accept-Version': version };
      const { status, ran } = await server.outcome({ method: 'DELETE', path: '/shared/x', headers });
      expect([status, ran]).toEqual(handler === undefined ? [403, []] : [200, [handler]]);
    });

    it('refuses a preflight that no handler allows', async () => {
      expect(await server.outcome(preflight(APP, 'DELETE', '/shared/x'))).toEqual(REFUSED_PREFLIGHT);
    });
  });
});
