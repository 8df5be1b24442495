import { ANY_METHOD, type RouteEntry } from '../../routes/route-entry.js';
import { listedMethods, type RegisteredRoute } from '../registered-route.js';

/** The part of a route of Express that the list needs. */
export interface ListedRoute {
  readonly path?: unknown;
  /** By lower-case method; `_all` for a route that answers every method. */
  readonly methods?: Readonly<Record<string, boolean | undefined>>;
}

/** A layer of Express's router. Middleware has no route. */
interface ListedLayer {
  readonly route?: ListedRoute;
}

/**
 * The routes in the router of an Express application, in its order. Routers and applications that are mounted with
 * `use` are middleware, and not in the list.
 *
 * @param entryOf the entry of a layer, with the path at which it is registered
 */
export function expressRouteList<Layer extends ListedLayer>(
  layers: readonly Layer[],
  entryOf: (layer: Layer) => { readonly entry: RouteEntry; readonly path: string } | undefined,
): readonly RegisteredRoute[] {
  return layers.flatMap((layer): readonly RegisteredRoute[] => {
    const known = entryOf(layer);
    if (known !== undefined) {
      const { entry, path } = known;
      return [{ method: entry.method, path, entry, constraints: undefined }];
    }
    const { path, methods = {} } = layer.route ?? {};
    return path === undefined
      ? []
      : [path].flat(Number.POSITIVE_INFINITY).flatMap((one) =>
          methodsOf(methods).map((method) => ({
            method,
            path: String(one),
            entry: undefined,
            constraints: undefined,
          })),
        );
  });
}

function methodsOf(methods: Readonly<Record<string, boolean | undefined>>): readonly string[] {
  const names = Object.keys(methods).filter((name) => methods[name] === true);
  return names.includes('_all') ? [ANY_METHOD] : listedMethods(names.map((name) => name.toUpperCase()));
}
