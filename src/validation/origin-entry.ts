import type { Findings } from './problems/findings.js';
import type { OriginSafety } from './remedies/corrected-origin.js';

/** What validation needs to know of the world outside. One per boot. */
export interface ValidationEnvironment {
  /** Whether the application runs in production (`NODE_ENV`). */
  readonly production: boolean;
  /** Numbers from 0 up to 1, such as `Math.random`: for invented origins. */
  readonly random: () => number;
  /**
   * Whether a predicate allowed an invented origin. Filled during the boot, so that each predicate is
   * tried once however many policies share it.
   */
  readonly probed: Map<object, boolean>;
}

/** What is known of the target besides its policy. */
export interface ValidationSubject {
  /**
   * The methods the handler is mapped to, in upper case; `*` or `ALL` for every method.
   * @default none are compared
   */
  readonly mappedMethods?: readonly string[];
  /**
   * Whether a policy without an origin is a mistake, as below a `@Cors()`, or leaves the route untouched.
   * @default true, except for `CorsModule`
   */
  readonly originRequired?: boolean;
}

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
