import type { RouteEntry } from '../../routes/route-entry.js';
import { listedMethods, type RegisteredRoute } from '../registered-route.js';
import type { FastifyRouter } from './fastify-router.js';

type Listed = FastifyRouter['routes'][number];

/**
 * The routes in Fastify's router, in the order of their registration. A HEAD route beside a GET route of the same path
 * is left out: Fastify adds it.
 *
 * @param entryOf the entry of a route that Nest registered
 */
export function fastifyRouteList(
  { routes }: FastifyRouter,
  entryOf: (store: object | null) => RouteEntry | undefined,
): readonly RegisteredRoute[] {
  const known = new Set<RouteEntry>();
  const others = new Map<string, Listed[]>();
  const listed: (RegisteredRoute | string)[] = [];
  for (const route of routes) {
    const entry = entryOf(route.store);
    if (entry === undefined) {
      const key = JSON.stringify([route.path, Object.entries(route.opts.constraints ?? {}).map(String)]);
      const group = others.get(key);
      if (group === undefined) {
        others.set(key, [route]);
        listed.push(key);
      } else {
        group.push(route);
      }
    } else if (!known.has(entry)) {
      known.add(entry); // a route for every method, or with an optional parameter, is several routes of the router
      listed.push({ method: entry.method, path: route.path, entry, constraints: constraintsOf(route, entry) });
    }
  }
  return listed.flatMap((one) => (typeof one === 'string' ? fromPlatform(others.get(one) as Listed[]) : one));
}

/** The routes of one path that Nest did not register. */
function fromPlatform(group: readonly Listed[]): readonly RegisteredRoute[] {
  const [first] = group as [Listed];
  const methods = group.map(({ method }) => method);
  const own = listedMethods(methods).filter((method) => method !== 'HEAD' || !methods.includes('GET'));
  return own.map((method) => ({
    method,
    path: first.path,
    entry: undefined,
    constraints: constraintsOf(first, undefined),
  }));
}

/** The versions of an entry are known without its constraints. */
function constraintsOf({ opts }: Listed, entry: RouteEntry | undefined): RegisteredRoute['constraints'] {
  const constraints = Object.entries(opts.constraints ?? {}).filter(
    ([name]) => name !== 'version' || entry?.versions === undefined,
  );
  return constraints.length === 0 ? undefined : Object.fromEntries(constraints);
}
