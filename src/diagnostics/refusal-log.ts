import type { Inside, Refusal, Rewrite } from '../http/refusal.js';
import type { CorsReason } from '../policy/decision.js';
import { BoundedLog } from './bounded-log.js';
import { logText } from './log-text.js';
import { refusalAdvice } from './refusal-advice.js';

/** The number of applications inside this one that are logged. */
const MOST_INSIDE = 16;

/** Logs refusals for developers: what, where and why, in bounded number. */
export class RefusalLog {
  /** One for each reason: under attack a key is looked up for every request, and making one text of it costs more. */
  readonly #actual = new Map<CorsReason, BoundedLog>();
  readonly #preflights = new Map<CorsReason, BoundedLog>();
  /** The handlers that were named already: there are only so many. */
  readonly #rewritten = new Set<string>();
  /** Where applications inside this one were found. A client chooses the case of a path, so there is a limit. */
  readonly #inside = new Set<string>();
  readonly #logger: { warn(message: string): void };
  readonly #enabled: boolean;

  constructor(logger: { warn(message: string): void }, enabled: boolean) {
    this.#logger = logger;
    this.#enabled = enabled;
  }

  add({ reason, preflight, method, url, origin, target, requestedHeaders }: Refusal): void {
    // Keyed by what the application knows, not by what strangers send: a flood of origins is one line.
    if (!this.#enabled || !this.#lines(reason, preflight).admits(target)) {
      return;
    }
    const what = `${preflight ? 'preflight for ' : ''}${logText(method)} ${logText(withoutQuery(url))} from origin ${logText(origin ?? '')}`;
    const names = requestedHeaders === undefined ? '' : ` with headers ${logText(requestedHeaders)}`;
    const advice = refusalAdvice(reason, target);
    this.#logger.warn(`${reason}: ${what}${names} (${target})${advice === undefined ? '' : `: ${advice}`}`);
  }

  /** Logs once for each handler that middleware rewrites a request into another policy. */
  addRewrite({ target, arrived, reached }: Rewrite): void {
    if (!this.#enabled || this.#rewritten.has(target)) {
      return;
    }
    this.#rewritten.add(target);
    const [from, to] = [arrived, reached].map(({ method, url }) => `${logText(method)} ${logText(withoutQuery(url))}`);
    this.#logger.warn(
      `Middleware changed a request from ${from} to ${to}, which has another policy (${target}). Browsers send the ` +
        'preflight for the original request, so the policy of that request answers it. Origins that only that policy ' +
        'allows are refused with 403. Give both requests the same policy, for example with an entry of `paths` for the ' +
        'original one.',
    );
  }

  /** Logs once for each path below which another application decides about responses. */
  addInside({ path, handler }: Inside): void {
    const key = handler ?? path;
    if (!this.#enabled || this.#inside.has(key) || this.#inside.size >= MOST_INSIDE) {
      return;
    }
    this.#inside.add(key);
    const quoted = `'${logText(path).slice(1, -1).replaceAll("'", "\\'")}'`;
    const fix =
      handler === undefined
        ? `CorsModule.forRoot({ paths: [{ path: ${quoted}, policy: 'untouched' }] })`
        : `@Cors('untouched') on ${handler}`;
    this.#logger.warn(
      `Another application with CorsModule answers below ${logText(path)}. Its CORS headers stay on its responses, but ` +
        'the policy of this application answers their preflights. Leave both to the other application: ' +
        `${fix}.`,
    );
  }

  #lines(reason: CorsReason, preflight: boolean): BoundedLog {
    const kept = preflight ? this.#preflights : this.#actual;
    let lines = kept.get(reason);
    if (lines === undefined) {
      lines = new BoundedLog();
      kept.set(reason, lines);
    }
    return lines;
  }
}

/** Queries may hold secrets, and decide nothing. */
function withoutQuery(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
