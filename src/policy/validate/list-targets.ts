import type { Target } from '../merged-policy.js';

/** How many targets are written out before the rest is counted. */
const MOST_TARGETS = 5;

/** Targets as one text: `CorsModule, UsersController.list and 18 more`. */
export function listTargets(targets: readonly Target[]): string {
  // One more than the limit is written out: "and 1 more" would be no shorter.
  if (targets.length <= MOST_TARGETS + 1) {
    return targets.join(', ');
  }
  return `${targets.slice(0, MOST_TARGETS).join(', ')} and ${targets.length - MOST_TARGETS} more`;
}
