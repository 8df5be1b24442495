import type { HttpPlatform } from '../../http/http-platform.js';
import { findConstraintConflicts } from '../../routes/constraint-conflicts.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import { findOverlaps } from '../../routes/route-overlap.js';
import { RouteTree } from '../../routes/route-tree.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import type { RoutePolicies } from '../policies/route-policies.js';
import type { RouteRecord } from './collect-routes.js';
import { constraintProblem } from './constraint-problem.js';
import { hostFilter } from './host-filter.js';

/** The routes of an application with their policies. */
export interface Routes {
  /** In the order of the records. */
  readonly entries: readonly RouteEntry[];
  /** The entries by their paths. */
  readonly tree: RouteTree<RouteEntry>;
}

const NO_OTHER_METHODS: readonly string[] = Object.freeze([]);

/** Makes the entries of routes, and compares those that share a URL. */
export function buildRoutes(
  records: readonly RouteRecord[],
  policies: Pick<RoutePolicies, 'declarationsOf' | 'of'>,
  platform: HttpPlatform | undefined,
  problems: CorsProblem[],
): Routes {
  const tree = new RouteTree<RouteEntry>();
  const entries = records.map((record) => {
    const entry = entryOf(record, policies, platform);
    tree.add(entry.path, entry);
    return entry;
  });
  for (const [entry, overlap] of findOverlaps(entries, tree)) {
    Object.assign(entry, overlap);
  }
  problems.push(...findConstraintConflicts(entries, tree).map(constraintProblem));
  for (const entry of entries) {
    Object.freeze(entry);
  }
  return { entries, tree };
}

function entryOf(
  record: RouteRecord,
  policies: Pick<RoutePolicies, 'declarationsOf' | 'of'>,
  platform: HttpPlatform | undefined,
): RouteEntry {
  const { target, method, path, controller, handler, registered, versions } = record;
  const declarations = policies.declarationsOf(record);
  return {
    target,
    method,
    path,
    policy: policies.of(record, declarations),
    declarations,
    controller,
    handler,
    registered,
    acceptsHost: hostFilter(record.host),
    versions,
    constraints: platform?.constraintsOf(registered, versions !== undefined),
    otherMethods: NO_OTHER_METHODS,
    versionAmbiguous: false,
  };
}
