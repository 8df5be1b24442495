import type { LoggerService } from '@nestjs/common';
import type { PolicySource } from '../policy/policy-source.js';
import type { PathPolicies } from '../routes/path-policies.js';
import { literalPrefix } from '../routes/path-segments.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { CorsWarning } from '../validation/problems/problem.js';
import { listTargets } from '../validation/problems/problem.js';

/** How many things of one kind are written out. */
const MOST_SHOWN = 10;

/** All warnings with one code, ready for one call of the logger. */
export interface WarningReport {
  readonly code: string;
  /** Several lines: one for each thing to look at, with its remedy below. */
  readonly text: string;
}

/**
 * Makes one text of all warnings with the same code, in the order the codes were first met.
 *
 * @param silence codes that are left out
 */
export function reportWarnings(warnings: readonly CorsWarning[], silence: readonly string[] = []): WarningReport[] {
  const byCode = new Map<string, Map<string, { warning: CorsWarning; targets: Set<PolicySource> }>>();
  for (const warning of warnings) {
    if (silence.includes(warning.code)) {
      continue;
    }
    let sayings = byCode.get(warning.code);
    if (sayings === undefined) {
      sayings = new Map();
      byCode.set(warning.code, sayings);
    }
    const key = JSON.stringify([warning.message, warning.remedy]);
    const saying = sayings.get(key) ?? { warning, targets: new Set<PolicySource>() };
    sayings.set(key, saying);
    for (const target of warning.targets) {
      saying.targets.add(target);
    }
  }
  return [...byCode].map(([code, sayings]) => {
    const lines = [...sayings.values()].map(
      ({ warning, targets }) => `${code} in ${listTargets([...targets])}: ${warning.message}\n  ${warning.remedy}`,
    );
    const shown = lines.slice(0, MOST_SHOWN);
    if (lines.length > shown.length) {
      shown.push(`  and ${lines.length - shown.length} more of this kind`);
    }
    return Object.freeze({ code, text: shown.join('\n') });
  });
}

/** Says once, at boot, what deserves a look. */
export class BootReport {
  readonly #logger: Pick<LoggerService, 'warn'>;
  readonly #silence: readonly string[];

  constructor(logger: Pick<LoggerService, 'warn'>, silence: readonly string[]) {
    this.#logger = logger;
    this.#silence = silence;
  }

  /** Logs warnings, one call for each code. */
  warn(warnings: readonly CorsWarning[]): void {
    for (const { text } of reportWarnings(warnings, this.#silence)) {
      this.#logger.warn(text);
    }
  }

  /**
   * Handlers whose preflights may not be cached, because another handler of the same URL, or the entry of `paths` that
   * answers its other methods, has another policy.
   */
  sharedPaths(entries: readonly RouteEntry[], paths: PathPolicies): CorsWarning[] {
    const shared = entries.filter((entry) => sharesUrl(entry) || (!paths.isEmpty && isBelowAnother(entry, paths)));
    const targets = shared.map(({ target }) => target);
    return targets.length === 0
      ? []
      : [
          {
            code: 'preflight-not-cached',
            targets: [...new Set(targets)],
            message:
              'These handlers share a URL with handlers, or with an entry of `paths`, of another policy. Browsers keep preflights by URL, so theirs are answered with Access-Control-Max-Age: 0, whatever maxAge says.',
            remedy:
              "Nothing has to be done. To have preflights cached, give all handlers of a URL, and the entry of `paths` above it, the same origin, credentials, allowedHeaders and methods, or silence this: `diagnostics: { silence: ['preflight-not-cached'] }`.",
          },
        ];
  }

  /** Logs that `enableCors()` was called, or `{ cors: true }` given. */
  warnOfEnableCors(): void {
    this.warn([
      {
        code: 'enable-cors-active',
        targets: ['enableCors()'],
        message:
          'enableCors() was called on this application, which also has CorsModule. On routes with a policy CorsModule replaces the CORS headers that enableCors() sets; on untouched routes they stay.',
        remedy:
          "If your code calls app.enableCors() or passes `cors` to NestFactory.create(), remove that and put its options into CorsModule.forRoot(). If a library calls it, switch that off in the options of the library, or silence this: `diagnostics: { silence: ['enable-cors-active'] }`.",
      },
    ]);
  }
}

/** Of two handlers of one method only one takes a URL, unless the version of the request tells them apart. */
function sharesUrl({ otherMethods, method, versionAmbiguous }: RouteEntry): boolean {
  return otherMethods.length > 0 && (versionAmbiguous || otherMethods.some((other) => other !== method));
}

function isBelowAnother({ path, policy }: RouteEntry, paths: PathPolicies): boolean {
  const above = paths.find(literalPrefix(path));
  return above.listed && above.policy.preflightIdentity !== policy.preflightIdentity;
}
