import type { OriginSafety } from './corrected-origin.js';
import type { Findings } from './findings.js';
import type { ValidationEnvironment } from './validation-environment.js';

/** One origin of a policy: the whole option, or an entry of its list. */
export interface OriginEntry {
  readonly findings: Findings;
  readonly environment: ValidationEnvironment;
  readonly safety: OriginSafety;
  /** `origin` or `origin[2]`. */
  readonly place: string;
  /** Begins a remedy with the code as it should be; no full stop. */
  readonly remedy: () => string;
}

/**
 * Reports a matcher that admits `http:` origins: a warning alone, a mistake together with credentials.
 * @param sentence what is insecure, to be continued
 */
export function reportInsecure(entry: OriginEntry, value: unknown, sentence: string): void {
  const { findings, safety } = entry;
  if (!safety.credentials) {
    findings.warning(
      'insecure-origin',
      ['origin'],
      `${sentence}, whose pages anyone on the network path can rewrite`,
      'Serve the frontend over https: and write `https:` here.',
    );
  } else if (!safety.insecureAllowed) {
    findings.problem(
      'credentials-insecure-origin',
      ['origin', 'credentials'],
      value,
      `${sentence}, together with credentials: true, so anyone on the network path could read private data`,
      `${entry.remedy()}; if it must be http: accept the risk with \`dangerouslyAllowInsecureOrigins: true\`.`,
    );
  }
}
