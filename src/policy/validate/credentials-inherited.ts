import type { MergedPolicy, Target } from '../merged-policy.js';
import type { Findings } from './findings.js';

/** Warns where a level names its own origins and gets `credentials: true` from a level further out. */
export function warnOfInheritedCredentials(findings: Findings): void {
  const { options, sources } = findings.merged;
  if (
    options.credentials === true &&
    options.origin !== undefined &&
    nearness(findings.merged, sources.origin) > nearness(findings.merged, sources.credentials)
  ) {
    findings.warning(
      'credentials-inherited',
      ['origin', 'credentials'],
      'origin is set anew and credentials: true applies to the new origins too',
      'Say it where the origin is set: `credentials: true`, or `credentials: false` if they need none.',
    );
  }
}

/** How near a level is to the target: the module or a named policy, a base class, the target's own class, a handler. */
function nearness({ target }: MergedPolicy, level: Target | undefined): number {
  if (level === undefined) {
    return -1;
  }
  if (level === target) {
    return 4;
  }
  if (level === 'CorsModule' || level.startsWith('policy ')) {
    return 0;
  }
  if (level.includes('.')) {
    return 3;
  }
  return target.startsWith(`${level}.`) ? 2 : 1;
}
