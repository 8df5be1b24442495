import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Module, Patch, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import fc from 'fast-check';
import { Cors, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { PLATFORMS, type Platform } from '../../support/platforms.js';
import { ADMIN, APP, PARTNER } from '../../support/policy-statement.js';

const METHODS = { GET: Get, POST: Post, PATCH: Patch, DELETE: Delete };
const PATHS = ['', ':id', ':id/items', 'search', 'export/csv'] as const;
const DECORATORS: readonly (MethodDecorator | undefined)[] = [
  undefined,
  undefined,
  Cors({ origin: ADMIN }),
  Cors({ maxAge: 600, credentials: false }),
  Cors('partners'),
  Cors('untouched'),
  DisableCors(),
];

interface HandlerDraw {
  readonly method: keyof typeof METHODS;
  readonly path: (typeof PATHS)[number];
  readonly decorator: number;
}

interface Change {
  readonly controller: number;
  readonly handler: number;
}

const handlers = fc.uniqueArray(
  fc.record<HandlerDraw>({
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'),
    path: fc.constantFrom(...PATHS),
    decorator: fc.nat(DECORATORS.length - 1),
  }),
  { selector: ({ method, path }) => `${method} ${path}`, minLength: 1, maxLength: 8 },
);
const drawn = fc.array(handlers, { minLength: 1, maxLength: 6 });

function controllerOf(draws: readonly HandlerDraw[], index: number, changed: number | undefined): Type<object> {
  class Made {}
  Object.defineProperty(Made, 'name', { value: `Made${index}Controller` });
  for (const [at, { method, path, decorator }] of draws.entries()) {
    const descriptor = { value() {}, configurable: true, writable: true };
    Object.defineProperty(Made.prototype, `handler${at}`, descriptor);
    METHODS[method](path)(Made.prototype, `handler${at}`, descriptor);
    const other = at === changed ? (Cors({ origin: APP, maxAge: 77 }) as MethodDecorator) : DECORATORS[decorator];
    other?.(Made.prototype, `handler${at}`, descriptor);
  }
  Controller(`part${index}`)(Made);
  return Made;
}

async function snapshotOf(
  platform: Platform,
  draws: readonly (readonly HandlerDraw[])[],
  order: (controllers: Type<object>[]) => Type<object>[] = (controllers) => controllers,
  change?: Change,
): Promise<string[]> {
  const controllers = draws.map((one, index) =>
    controllerOf(one, index, change?.controller === index ? change.handler : undefined),
  );
  const options = {
    origin: APP,
    credentials: true,
    policies: { partners: { origin: [PARTNER, 'https://*.partner.example'] } },
    paths: [{ path: '/graphql', policy: {} }],
  };
  const ordered = order(controllers);
  @Module({ controllers: ordered.slice(0, 2) })
  class FirstModule {}
  @Module({ imports: [CorsModule.forRoot(options), FirstModule], controllers: ordered.slice(2) })
  class ApplicationModule {}
  const app = await NestFactory.create(ApplicationModule, platform.createAdapter(), { logger: false });
  try {
    await app.init();
    return app.get(CorsService).describe('snapshot').split('\n');
  } finally {
    await app.close();
  }
}

const [EXPRESS, FASTIFY] = PLATFORMS as [Platform, Platform];

describe('the snapshot of generated applications', () => {
  it('has a line for each route, the same on both platforms and in any order of modules and controllers', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (draws) => {
        const snapshot = await snapshotOf(EXPRESS, draws);
        expect(snapshot.length).toBe(draws.flat().length + 1);
        expect(await snapshotOf(FASTIFY, draws)).toEqual(snapshot);
        expect(await snapshotOf(EXPRESS, draws, (controllers) => controllers.reverse())).toEqual(snapshot);
      }),
      { numRuns: 25 },
    );
  });

  it('changes one line if one decorator of a handler changes', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(), fc.nat(), async (draws, first, second) => {
        const controller = first % draws.length;
        const handlerDraws = draws[controller] as HandlerDraw[];
        const handler = second % handlerDraws.length;
        const { method, path } = handlerDraws[handler] as HandlerDraw;
        const before = await snapshotOf(EXPRESS, draws);
        const after = await snapshotOf(EXPRESS, draws, undefined, { controller, handler });
        const changed = after.filter((line, index) => line !== before[index]);
        const url = `/part${controller}${path === '' ? '' : `/${path}`}`;
        expect(changed).toEqual([`${method} ${url} - open to ${APP}; credentials; max-age 77`]);
      }),
      { numRuns: 25 },
    );
  });
});
