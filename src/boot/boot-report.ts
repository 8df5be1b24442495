import type { LoggerService } from '@nestjs/common';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { CorsPolicyOptions } from '../policy/policy-options.js';
import type { PolicySource } from '../policy/policy-source.js';
import type { PathPolicies } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { sharesPreflights } from '../routes/shared-preflights.js';
import type { CorsWarning } from '../validation/problems/problem.js';
import { listTargets } from '../validation/problems/problem.js';
import type { EnableCorsCall } from './enable-cors/enable-cors-call.js';
import { enableCorsWarning } from './enable-cors/enable-cors-warning.js';

/** At most this many warnings with one code are written out. */
const MOST_SHOWN = 10;

/** All warnings with one code, ready for one call of the logger. */
interface WarningReport {
  readonly code: string;
  /** A line for each warning, with its remedy below. */
  readonly text: string;
}

/**
 * Makes one text of all warnings with the same code. Warnings with the same message are one line with all their
 * targets.
 *
 * @param silence codes to leave out
 */
export function reportWarnings(warnings: readonly CorsWarning[], silence: readonly string[] = []): WarningReport[] {
  const byCode = new Map<string, Map<string, { warning: CorsWarning; targets: Set<PolicySource> }>>();
  for (const warning of warnings) {
    if (silence.includes(warning.code)) {
      continue;
    }
    let byMessage = byCode.get(warning.code);
    if (byMessage === undefined) {
      byMessage = new Map();
      byCode.set(warning.code, byMessage);
    }
    const key = JSON.stringify([warning.message, warning.remedy]);
    const group = byMessage.get(key) ?? { warning, targets: new Set<PolicySource>() };
    byMessage.set(key, group);
    for (const target of warning.targets) {
      group.targets.add(target);
    }
  }
  return [...byCode].map(([code, byMessage]) => {
    const lines = [...byMessage.values()].map(
      ({ warning, targets }) => `${code} in ${listTargets([...targets])}: ${warning.message}\n  ${warning.remedy}`,
    );
    const shown = lines.slice(0, MOST_SHOWN);
    if (lines.length > shown.length) {
      shown.push(`  and ${lines.length - shown.length} more of this kind`);
    }
    return Object.freeze({ code, text: shown.join('\n') });
  });
}

/** Logs the warnings of the boot. */
export class BootReport {
  readonly #logger: Pick<LoggerService, 'log' | 'warn'>;
  readonly #silence: readonly string[];

  constructor(logger: Pick<LoggerService, 'log' | 'warn'>, silence: readonly string[]) {
    this.#logger = logger;
    this.#silence = silence;
  }

  /** Logs warnings, one call for each code. */
  warn(warnings: readonly CorsWarning[]): void {
    for (const { text } of reportWarnings(warnings, this.#silence)) {
      this.#logger.warn(text);
    }
  }

  /** Logs that every route is closed to other origins, so that a forgotten `origin` shows before a browser does. */
  logIfClosed(policies: readonly CompiledPolicy[]): void {
    if (!policies.some(({ state }) => state === 'open')) {
      this.#logger.log(
        'No route is open to another origin, because no level sets `origin`. To open all routes, write ' +
          "`CorsModule.forRoot({ origin: 'https://app.example.com' })` with the origin of your front end. To open some, " +
          "write `@Cors({ origin: 'https://app.example.com' })` on a controller or a handler.",
      );
    }
  }

  /**
   * Finds handlers whose preflights browsers must not cache. Another handler of the same URL has another policy, or the
   * entry of `paths` that covers its other methods.
   */
  sharedPaths(entries: readonly RouteEntry[], paths: PathPolicies): CorsWarning[] {
    const shared = entries.filter((entry) => sharesPreflights(entry, paths));
    const targets = shared.map(({ target }) => target);
    return targets.length === 0
      ? []
      : [
          {
            code: 'preflight-not-cached',
            targets: [...new Set(targets)],
            message:
              'These handlers share a URL with a handler, or with an entry of `paths`, that has another policy. Browsers cache preflights by URL, so their preflights are answered with Access-Control-Max-Age: 0, and `maxAge` has no effect.',
            remedy:
              "You can leave this as it is. To let browsers cache the preflights, give all handlers of the URL, and the entry of `paths` above it, the same origin, credentials, allowedHeaders and methods. To silence this: `diagnostics: { silence: ['preflight-not-cached'] }`.",
          },
        ];
  }

  /** Logs the first response of an `origin: '*'` route that pages of other origins cannot embed. */
  warnOfBlockedEmbeds(target: PolicySource): void {
    this.warn([
      {
        code: 'corp-blocks-embeds',
        targets: [target],
        message:
          'This route is open to every origin, but other code (helmet by default) sends Cross-Origin-Resource-Policy: same-origin. Scripts can fetch the response. Without the attribute `crossorigin`, pages of other origins cannot embed it, for example in <img> or <script>, whether or not they send Cross-Origin-Embedder-Policy.',
        remedy:
          "Write `resourcePolicy: 'cross-origin'` in the policy of the route, or in `CorsModule.forRoot()`. To silence this: `diagnostics: { silence: ['corp-blocks-embeds'] }`.",
      },
    ]);
  }

  /**
   * Logs a call of `enableCors()`, which `{ cors: true }` makes, too.
   *
   * @param current the options of the module for every route
   */
  warnOfEnableCors(call: EnableCorsCall, current: CorsPolicyOptions): void {
    // Explaining the call loads a part of the package that is rarely needed.
    if (!this.#silence.includes('enable-cors-active')) {
      this.warn([enableCorsWarning(call, current)]);
    }
  }
}
