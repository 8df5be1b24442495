import type { LoggerService } from '@nestjs/common';
import type { CorsWarning } from '../policy/problem.js';
import { reportWarnings } from '../policy/validate/report-warnings.js';
import type { PathPolicies } from '../routes/path-policies.js';
import { literalPrefix } from '../routes/path-segments.js';
import type { RouteEntry } from '../routes/route-entry.js';

/** Says once, at boot, what deserves a look. */
export class BootReport {
  constructor(
    private readonly logger: Pick<LoggerService, 'warn'>,
    private readonly silence: readonly string[],
  ) {}

  /** Logs warnings, one call for each code. */
  warn(warnings: readonly CorsWarning[]): void {
    for (const { text } of reportWarnings(warnings, this.silence)) {
      this.logger.warn(text);
    }
  }

  /**
   * Handlers whose preflights may not be cached, because another handler of the same URL, or the entry of `paths` that
   * answers its other methods, has another policy.
   */
  sharedPaths(entries: readonly RouteEntry[], paths: PathPolicies): CorsWarning[] {
    const shared = entries.filter((entry) => hasRivals(entry) || (!paths.isEmpty && isBelowAnother(entry, paths)));
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
function hasRivals({ rivals, method, ambiguous }: RouteEntry): boolean {
  return rivals.length > 0 && (ambiguous || rivals.some((rival) => rival !== method));
}

function isBelowAnother({ path, policy }: RouteEntry, paths: PathPolicies): boolean {
  const above = paths.find(literalPrefix(path));
  return above.listed && above.policy.preflightIdentity !== policy.preflightIdentity;
}
