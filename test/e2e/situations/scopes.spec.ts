import { expect, it } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type NestInterceptor,
  Param,
  type PipeTransform,
  Post,
  Scope,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import {
  APP_GUARD,
  ContextIdFactory,
  type ContextIdStrategy,
  createContextId,
  type HostComponentInfo,
  INQUIRER,
  REQUEST,
} from '@nestjs/core';
import { map } from 'rxjs';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();
const asAdmin = { allows: ADMIN, refuses: APP };

const parts: Parts = (cors) => {
  @Injectable({ scope: Scope.TRANSIENT })
  class Named {
    readonly owner: string;
    constructor(@Inject(INQUIRER) owner: object) {
      this.owner = owner.constructor.name;
    }
  }

  @Injectable({ scope: Scope.REQUEST })
  class Visit {
    readonly visitor: unknown;
    constructor(@Inject(REQUEST) request: { headers: Record<string, unknown> }) {
      this.visitor = request.headers['x-visitor'];
    }
  }

  @Injectable({ scope: Scope.REQUEST })
  class VisitGuard implements CanActivate {
    readonly visit: Visit;

    constructor(@Inject(Visit) visit: Visit) {
      this.visit = visit;
    }
    canActivate(): boolean {
      spy.ran('guard');
      return this.visit.visitor !== 'banned';
    }
  }

  @Injectable({ scope: Scope.REQUEST })
  class VisitInterceptor implements NestInterceptor {
    readonly visit: Visit;

    constructor(@Inject(Visit) visit: Visit) {
      this.visit = visit;
    }
    intercept(_context: ExecutionContext, next: CallHandler) {
      return next.handle().pipe(map((data) => ({ data, intercepted: this.visit.visitor })));
    }
  }

  @Injectable({ scope: Scope.REQUEST })
  class VisitPipe implements PipeTransform {
    readonly visit: Visit;

    constructor(@Inject(Visit) visit: Visit) {
      this.visit = visit;
    }
    transform(value: string) {
      return `${value} of ${this.visit.visitor}`;
    }
  }

  @Controller('visits')
  class VisitsController {
    readonly visit: Visit;
    readonly named: Named;

    constructor(@Inject(Visit) visit: Visit, @Inject(Named) named: Named) {
      this.visit = visit;
      this.named = named;
    }
    @Get() get() {
      spy.ran('get');
      return { visitor: this.visit.visitor, owner: this.named.owner };
    }
    @cors({ origin: [ADMIN] })
    @UseGuards(VisitGuard)
    @UseInterceptors(VisitInterceptor)
    @Post(':name')
    create(@Param('name', VisitPipe) name: string) {
      return spy.ran(name);
    }
  }

  @cors({ origin: [ADMIN] })
  @Controller({ path: 'plain', scope: Scope.TRANSIENT })
  class TransientController {
    @Get() get() {
      return spy.ran('transient');
    }
  }

  return { controllers: [VisitsController, TransientController], providers: [Visit, Named] };
};

describePlatforms('a request-scoped controller', (platform) => {
  const twins = serveTwins(platform, parts, spy);
  const visit = (visitor: string) => ({ 'X-Visitor': visitor });

  it('gets its own providers for each request', async () => {
    for (const visitor of ['ann', 'ben']) {
      await twins.expectSame(
        { path: '/visits', headers: visit(visitor) },
        { status: 200, ran: ['get'], body: JSON.stringify({ visitor, owner: 'VisitsController' }) },
      );
    }
  });

  it('has request-scoped guards, interceptors and pipes', async () => {
    const request = { method: 'POST', path: '/visits/photo' };
    await twins.expectSame(
      { ...request, headers: visit('ann') },
      { ...asAdmin, status: 201, ran: ['guard', 'photo of ann'], body: '{"data":"photo of ann","intercepted":"ann"}' },
    );
    await twins.expectSame(
      { ...request, headers: visit('banned') },
      { ...asAdmin, status: 403, ran: ['guard'], body: /Forbidden resource/ },
    );
  });

  it('may be transient', async () => {
    await twins.expectSame({ path: '/plain' }, { ...asAdmin, status: 200, ran: ['transient'], body: 'transient' });
  });

  it('serves requests that arrive together, each with its own providers', async () => {
    const visitors = Array.from({ length: 20 }, (_, index) => `visitor ${index}`);
    const responses = await Promise.all(
      visitors.map((visitor) => twins.served.request({ path: '/visits', headers: { Origin: APP, ...visit(visitor) } })),
    );
    expect(responses.map(({ text }) => JSON.parse(text).visitor)).toEqual(visitors);
    spy.take();
  });
});

/** Requests of one tenant share their durable providers. */
class TenantStrategy implements ContextIdStrategy {
  readonly #trees = new Map<string, ReturnType<typeof createContextId>>();

  attach(contextId: ReturnType<typeof createContextId>, request: { headers: Record<string, string> }) {
    const tenant = request.headers['x-tenant'];
    if (tenant === undefined) {
      return () => contextId;
    }
    const known = this.#trees.get(tenant) ?? createContextId();
    this.#trees.set(tenant, known);
    return {
      resolve: (info: HostComponentInfo) => (info.isTreeDurable ? known : contextId),
      payload: { tenant },
    };
  }
}

const durableParts: Parts = (cors) => {
  @Injectable({ scope: Scope.REQUEST, durable: true })
  class Tenant {
    readonly name: unknown;
    requests = 0;
    constructor(@Inject(REQUEST) payload: { readonly tenant?: string }) {
      this.name = payload.tenant;
    }
  }

  @Injectable({ scope: Scope.REQUEST, durable: true })
  class TenantGuard implements CanActivate {
    readonly tenant: Tenant;

    constructor(@Inject(Tenant) tenant: Tenant) {
      this.tenant = tenant;
    }
    canActivate(): boolean {
      spy.ran('guard');
      return this.tenant.name !== 'closed';
    }
  }

  @cors({ origin: [ADMIN] })
  @Controller('tenant')
  class TenantController {
    readonly tenant: Tenant;

    constructor(@Inject(Tenant) tenant: Tenant) {
      this.tenant = tenant;
    }
    @Get() get() {
      spy.ran('tenant');
      this.tenant.requests++;
      return { name: this.tenant.name, requests: this.tenant.requests };
    }
  }
  return { controllers: [TenantController], providers: [Tenant, { provide: APP_GUARD, useClass: TenantGuard }] };
};

describePlatforms('a controller with durable providers', (platform) => {
  const twins = serveTwins(platform, durableParts, spy, {
    configure: () => ContextIdFactory.apply(new TenantStrategy()),
  });

  it('keeps them for each tenant', async () => {
    const served = async (tenant: string) => {
      const headers = { Origin: ADMIN, 'X-Tenant': tenant };
      return (await twins.served.request({ path: '/tenant', headers })).text;
    };
    expect([await served('a'), await served('a'), await served('b')]).toEqual([
      '{"name":"a","requests":1}',
      '{"name":"a","requests":2}',
      '{"name":"b","requests":1}',
    ]);
    spy.take();
  });

  it('has the same answers as without CorsModule', async () => {
    const path = '/tenant';
    await twins.expectSame(
      { path, headers: { 'X-Tenant': 'c' } },
      { ...asAdmin, status: 200, ran: ['guard', 'tenant'], body: /"name":"c"/ },
    );
    await twins.expectSame({ path, headers: { 'X-Tenant': 'closed' } }, { ...asAdmin, status: 403, ran: ['guard'] });
  });
});
