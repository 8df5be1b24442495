import { describe, expect, it } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { notFoundRouterOf, routerOf } from '../../../src/http/fastify/fastify-router.js';

interface Instance {
  readonly version: string;
  get(path: string, handler: () => unknown): unknown;
}

function fastify(): Instance {
  return new FastifyAdapter().getInstance() as unknown as Instance;
}

/** An instance with a router of this class for its not-found handlers, as Fastify has one. */
function likeFastify(router: object | undefined, findRoute: () => unknown = () => null) {
  return { version: '9.9.9', [Symbol('fastify.404')]: router === undefined ? undefined : { router }, findRoute };
}

describe('routerOf', () => {
  it('returns the router that has the routes of the instance, and no other', () => {
    const [one, other] = [fastify(), fastify()];
    one.get('/here', () => 'here');
    expect(routerOf(one).find('GET', '/here', undefined)?.store).toBeTruthy();
    expect(routerOf(other).find('GET', '/here', undefined)).toBeNull();
    expect(routerOf(one)).toBe(routerOf(one));
  });

  it('does not return the second router, for requests without a route', () => {
    const instance = fastify();
    const second = notFoundRouterOf(instance);
    expect(second).toBeDefined();
    expect(second).not.toBe(routerOf(instance));
  });

  it('leaves the router as it was', () => {
    const instance = fastify();
    const prototype = Object.getPrototypeOf(notFoundRouterOf(instance)) as Record<string, unknown>;
    const before = [prototype.find, prototype.findRoute];
    routerOf(instance);
    expect([prototype.find, prototype.findRoute]).toEqual(before);
    expect(prototype.find).toBe(before[0]);
  });

  it.each([
    ['no second router', {}],
    ['an empty property for one', likeFastify(undefined)],
    ['a findRoute that calls no router', likeFastify(new (class Router {})())],
  ])('throws an error that names the version of Fastify if there is %s', (_, instance) => {
    expect(() => routerOf({ version: '9.9.9', findRoute: () => null, ...instance })).toThrow(
      'nestjs-cors cannot find the router of Fastify 9.9.9, which says which handler a preflight is for. Use a version of @nestjs/platform-fastify from the compatibility table of nestjs-cors.',
    );
  });

  it('leaves the router as it was when findRoute throws', () => {
    class Router {
      find(): unknown {
        return null;
      }
    }
    const { find } = Router.prototype;
    const instance = likeFastify(new Router(), () => {
      throw new Error('broken');
    });
    expect(() => routerOf(instance)).toThrow('broken');
    expect(Router.prototype.find).toBe(find);
  });
});
