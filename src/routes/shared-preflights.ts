import type { PathPolicies } from './path-policies.js';
import { literalPrefix, type PathSegment, pathSegments, REST } from './path-segments.js';
import type { RouteEntry } from './route-entry.js';
import { neighboursOf, stepBudget } from './route-overlap.js';
import type { RouteTree } from './route-tree.js';

/**
 * Whether browsers must not cache the preflights of a handler, because another handler of its URL, or the entry of
 * `paths` that covers its other methods, has another policy. Browsers cache preflights by URL.
 */
export function sharesPreflights(entry: RouteEntry, paths: PathPolicies): boolean {
  return sharesUrl(entry) || (!paths.isEmpty && isBelowOtherPolicy(entry, paths));
}

/**
 * The same for a path without a handler: whether a handler of one of its URLs has another policy.
 *
 * @param below whether URLs below the path count
 */
export function sharesPathPreflights(
  path: string,
  below: boolean,
  policy: RouteEntry['policy'],
  tree: RouteTree<RouteEntry>,
): boolean {
  const segments: PathSegment[] = [...pathSegments(path), ...(below ? [REST] : [])];
  const neighbours = neighboursOf(tree, segments, stepBudget());
  return (
    neighbours === undefined || neighbours.some((entry) => entry.policy.preflightIdentity !== policy.preflightIdentity)
  );
}

/** Two handlers of the same method share a URL only if the version of the request selects one of them. */
function sharesUrl({ otherMethods, method, versionAmbiguous }: RouteEntry): boolean {
  return otherMethods.length > 0 && (versionAmbiguous || otherMethods.some((other) => other !== method));
}

function isBelowOtherPolicy({ path, policy }: RouteEntry, paths: PathPolicies): boolean {
  const above = paths.find(literalPrefix(path));
  return above.listed && above.policy.preflightIdentity !== policy.preflightIdentity;
}
