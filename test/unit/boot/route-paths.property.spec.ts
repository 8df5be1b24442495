import { describe, expect, it } from '@jest/globals';
import { RequestMethod, VERSION_NEUTRAL, type VersioningOptions, VersioningType } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import fc from 'fast-check';
import { RoutePaths } from '../../../src/boot/routes/route-paths.js';

const PIECES = [
  '',
  '/',
  '//',
  'a',
  '/a',
  'a/',
  '/a/',
  'a//b',
  ':id',
  '/:id',
  '{/:id}',
  '{/a}/b',
  'a{/:id}',
  '*',
  '/*rest',
];
const piece = fc.constantFrom(...PIECES, ...PIECES.map((one) => `/x${one}`));
const version = fc.constantFrom(undefined, '1', ['1', '2'], VERSION_NEUTRAL, [VERSION_NEUTRAL, '1']);
const versioning = fc.constantFrom<VersioningOptions | undefined>(
  undefined,
  { type: VersioningType.URI },
  { type: VersioningType.URI, prefix: false },
  { type: VersioningType.HEADER, header: 'x-version' },
);

const application = fc.record({
  globalPrefix: fc.constantFrom('', 'api', '/api/', '{/api}'),
  excludes: fc.boolean(),
  modulePath: fc.option(piece, { nil: undefined }),
  ctrlPath: piece,
  controllerVersion: version,
  versioning,
});
const handlers = fc.array(
  fc.record({ path: piece, version, method: fc.constantFrom(RequestMethod.GET, RequestMethod.POST) }),
  { minLength: 1, maxLength: 6 },
);

function configOf({ globalPrefix, excludes }: { globalPrefix: string; excludes: boolean }): ApplicationConfig {
  const config = new ApplicationConfig();
  config.setGlobalPrefix(globalPrefix);
  if (excludes) {
    const exclude = [{ path: '/a', requestMethod: RequestMethod.GET, pathRegex: /^\/(?:v?1\/)?a/ }];
    config.setGlobalPrefixOptions({ exclude });
  }
  return config;
}

describe('the paths of routes', () => {
  it('equal the paths that Nest’s own factory creates for each handler', () => {
    let several = 0;
    fc.assert(
      fc.property(application, handlers, (drawn, list) => {
        const config = configOf(drawn);
        const { modulePath, ctrlPath, controllerVersion } = drawn;
        const controller = {
          ctrlPath,
          modulePath,
          globalPrefix: drawn.globalPrefix,
          controllerVersion,
          versioningOptions: drawn.versioning,
        } as Parameters<RoutePathFactory['create']>[0];
        const pathsOf = new RoutePaths(config, { RoutePathFactory }).ofController({ ...controller });
        for (const handler of list) {
          const metadata = { ...controller, methodPath: handler.path, methodVersion: handler.version };
          const expected = new RoutePathFactory(config).create(metadata as typeof controller, handler.method);
          several += expected.length > 1 ? 1 : 0;
          const paths = pathsOf(handler.path, handler.version as typeof controller.methodVersion, handler.method);
          expect({ handler, paths }).toEqual({ handler, paths: expected });
        }
      }),
      { numRuns: 2_000 },
    );
    expect(several).toBeGreaterThan(200);
  });

  it('need one call of the factory for a controller if the factory only appends', () => {
    let created = 0;
    class CountingConfig extends ApplicationConfig {
      override getGlobalPrefixOptions() {
        created++;
        return super.getGlobalPrefixOptions();
      }
    }
    const config = new CountingConfig();
    config.setGlobalPrefix('api');
    const pathsOf = new RoutePaths(config, { RoutePathFactory }).ofController({
      ctrlPath: '/users',
      globalPrefix: 'api',
    });
    const before = created;
    const paths = ['one', '/two', ':id'].flatMap((path) => pathsOf(path, undefined, RequestMethod.GET));
    expect({ paths, created: created - before }).toEqual({
      paths: ['/api/users/one', '/api/users/two', '/api/users/:id'],
      created: 1, // the factory looks for exclusions once for each path it makes
    });
  });
});
