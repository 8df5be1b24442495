import { describe, expect, it } from '@jest/globals';
import { bootPartsOf } from '../../bench/child/boot-parts.js';

type Frame = readonly [functionName: string, url: string];

describe('the parts of a boot', () => {
  const SOURCES = 'file:///project/node_modules/.cache/nestjs-cors-bench/1/src';
  const PACKAGES = 'file:///project/node_modules';

  /** A profile of one call chain, with one sample of 1 ms for each function. */
  function chain(...frames: Frame[]) {
    const nodes = [['(root)', ''] as const, ...frames].map(([functionName, url], at) => ({
      id: at + 1,
      callFrame: { functionName, url, scriptId: '0', lineNumber: 0, columnNumber: 0 },
      children: at === frames.length ? [] : [at + 2],
    }));
    const samples = frames.map((_, at) => at + 2);
    return { nodes, startTime: 0, endTime: 0, samples, timeDeltas: samples.map(() => 1_000) };
  }

  function partsOf(...frames: Frame[]): Record<string, number> {
    return Object.fromEntries(
      Object.entries(bootPartsOf(chain(...frames))).filter(([, milliseconds]) => milliseconds > 0),
    );
  }

  it('include work of Nest and reflect-metadata for nestjs-cors', () => {
    expect(
      partsOf(
        ['configure', `${SOURCES}/module/cors.module.js`],
        ['collectRoutes', `${SOURCES}/boot/routes/collect-routes.js`],
        ['create', `${PACKAGES}/@nestjs/core/router/route-path-factory.js`],
        ['getMetadata', `${PACKAGES}/reflect-metadata/Reflect.js`],
        ['(garbage collector)', ''],
      ),
    ).toEqual({ 'the rest of nestjs-cors': 1, 'finding handlers and their paths': 3, 'garbage collection': 1 });
  });

  it('exclude work of the platform behind wrappers of nestjs-cors, unless it calls back', () => {
    expect(
      partsOf(
        ['resolve', `${PACKAGES}/@nestjs/core/router/routes-resolver.js`],
        ['#register', `${SOURCES}/boot/routes/route-registry.js`],
        ['get', `${PACKAGES}/@nestjs/core/adapters/http-adapter.js`],
        ['route', `${SOURCES}/http/fastify/fastify-routes.js`],
        ['route', `${PACKAGES}/fastify/lib/route.js`],
        ['findOverlaps', `${SOURCES}/routes/route-overlap.js`],
        ['#build', `${SOURCES}/boot/policies/route-policies.js`],
        ['compileOrigins', `${SOURCES}/origin/compile-origins.js`],
        ['(idle)', ''],
      ),
    ).toEqual({
      'Nest, the platform and Node': 3,
      'telling routes apart as they are registered': 2,
      'routes by their paths, and which share URLs': 1,
      'decorators, merging and compiling policies': 2,
    });
  });
});
