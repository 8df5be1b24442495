import type { CompiledApplication } from '../../boot/compile-application.js';
import { sourcesOf } from '../../boot/policies/option-sources.js';
import type { PolicyMatch } from '../../http/exchange.js';
import type { PolicyLookup } from '../../http/policy-lookup.js';
import type { RegisteredRoute } from '../../http/registered-route.js';
import { isUnknownRoute, pathTarget } from '../../policy/policy-source.js';
import type { PathMatch, PathPolicy } from '../../routes/path-policies.js';
import { PARAMETER, pathSegments, REST } from '../../routes/path-segments.js';
import { ANY_METHOD, type RouteEntry } from '../../routes/route-entry.js';
import { sharesPathPreflights, sharesPreflights } from '../../routes/shared-preflights.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import type { CorsRoute } from './cors-route.js';
import { effectivePolicy } from './effective-policy.js';

/**
 * Lists the routes of an application with their policies: handlers in the order in which Nest registers them, entries
 * of `paths`, and routes that the application or a library registered on the platform itself. The platform is asked at
 * each call, so routes that were registered later are in the list. Handlers that Nest did not register are not.
 */
export function listRoutes(application: CompiledApplication, lookup: ListedLookup): readonly CorsRoute[] {
  const { policies, routes } = application;
  const registered = lookup.platform.registeredRoutes();
  const byEntry = new Map(registered.map((route) => [route.entry, route]));
  const handlers = routes.entries.flatMap((entry, index) => {
    const route = byEntry.get(entry);
    return route === undefined ? [] : handlerRoute(application, entry, route, index);
  });
  const others = registered.flatMap((route) => {
    const { entry } = route;
    if (entry === undefined) {
      return platformRoute(application, lookup, route);
    }
    return isUnknownRoute(entry.target) ? handlerRoute(application, entry, route, undefined) : [];
  });
  return Object.freeze([...handlers, ...policies.paths.map((path) => pathRoute(application, path)), ...others]);
}

/** @param index the index of the record; absent for a route that was unknown at boot */
function handlerRoute(
  application: CompiledApplication,
  entry: RouteEntry,
  { path, constraints }: RegisteredRoute,
  index: number | undefined,
): CorsRoute {
  const host = index === undefined ? undefined : application.records[index]?.host;
  return routeOf(application, entry, {
    method: entry.method,
    path,
    versions: entry.versions && Object.freeze(entry.versions.map(versionText)),
    host: host === undefined || host === '' ? undefined : Object.freeze([host].flat().map(String)),
    constraints: constraintTexts(constraints),
    isShared: sharesPreflights(entry, application.paths),
  });
}

function pathRoute(application: CompiledApplication, { path, policy }: PathPolicy): CorsRoute {
  const { enforce, wouldEnforce } = policy;
  const match: PathMatch = { target: pathTarget(path), policy, listed: true, enforce, wouldEnforce };
  return routeOf(application, match, {
    ...WITHOUT_CONDITIONS,
    method: ANY_METHOD,
    path,
    isShared: sharesPathPreflights(path, true, policy, application.routes.tree),
  });
}

function platformRoute(
  application: CompiledApplication,
  lookup: ListedLookup,
  { method, path, constraints }: RegisteredRoute,
): CorsRoute {
  const match = lookup.lookUp({
    request: { headers: { host: constraints?.host } },
    method: method === ANY_METHOD ? 'GET' : method,
    url: sampleUrl(path),
    preflight: true,
  });
  return routeOf(application, match, {
    ...WITHOUT_CONDITIONS,
    method,
    path,
    constraints: constraintTexts(constraints),
    isShared: sharesPathPreflights(path, false, match.policy, application.routes.tree),
  });
}

function routeOf(
  { levels }: CompiledApplication,
  match: PolicyMatch,
  { isShared, ...place }: Pick<CorsRoute, 'method' | 'path' | Condition> & { readonly isShared: boolean },
): CorsRoute {
  const { policy: compiled, target } = match;
  const merged = levels.of(match);
  const policy = effectivePolicy(compiled, merged, place.method, 'handler' in match ? compiled : match);
  return Object.freeze({
    ...place,
    target,
    state: compiled.state === 'ambiguous' ? 'disabled' : compiled.state,
    policy,
    sources: sourcesOf(match, merged),
    cacheable: compiled.state === 'open' && policy.maxAge !== 0 && !isShared,
  });
}

type ListedLookup = Pick<PolicyLookup, 'lookUp' | 'platform'>;

/** What a route compares besides method and path. */
type Condition = 'versions' | 'host' | 'constraints';

const WITHOUT_CONDITIONS: Readonly<Record<Condition, undefined>> = Object.freeze({
  versions: undefined,
  host: undefined,
  constraints: undefined,
});

/** Some URL of a route: parameters get a text that is the name of no other route. */
function sampleUrl(path: string): string {
  const texts = pathSegments(path).map((segment) => (segment === PARAMETER || segment === REST ? '-' : segment));
  return `/${texts.join('/')}`;
}

function versionText(version: unknown): string {
  return typeof version === 'symbol' ? 'neutral' : String(version);
}

function constraintTexts(constraints: RegisteredRoute['constraints']): CorsRoute['constraints'] {
  return (
    constraints &&
    Object.freeze(
      Object.fromEntries(
        Object.entries(constraints).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : quoteValue(value),
        ]),
      ),
    )
  );
}
