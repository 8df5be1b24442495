import type { Findings } from './findings.js';

/** Warns where a level names its own origins and gets `credentials: true` from a level further out. */
export function warnOfInheritedCredentials(findings: Findings): void {
  const { options, depths } = findings.merged;
  if (
    options.credentials === true &&
    options.origin !== undefined &&
    (depths.origin ?? 0) > (depths.credentials ?? 0)
  ) {
    findings.warning(
      'credentials-inherited',
      ['origin', 'credentials'],
      'origin is set anew and credentials: true applies to the new origins too',
      'Say it where the origin is set: `credentials: true`, or `credentials: false` if they need none.',
    );
  }
}
