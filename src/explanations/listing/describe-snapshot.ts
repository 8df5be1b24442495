import type { CorsRoute } from './cors-route.js';
import { policyText, routeText } from './route-text.js';

/**
 * A line for each route, for `toMatchSnapshot` and for git: sorted by path, and by nothing that differs between
 * machines. No line depends on another route, so a changed decorator changes the lines of its own routes only.
 */
export function describeSnapshot(routes: readonly CorsRoute[]): string {
  return routes
    .map((route) => ({ path: route.path, line: `${routeText(route)} - ${policyText(route)}` }))
    .sort((one, other) => compare(one.path, other.path) || compare(one.line, other.line))
    .map(({ line }) => line)
    .join('\n');
}

/** Not `localeCompare`: its order depends on the language of the machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
