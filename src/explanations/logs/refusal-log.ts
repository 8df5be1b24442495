import { KNOWN_METHODS } from '../../http/preflight/preflight.js';
import type { NestedApplication, Refusal, RewrittenRequest } from '../../http/reports/request-reports.js';
import type { CorsReason } from '../../policy/decision.js';
import { refusalsOf } from '../../policy/refusals.js';
import { missingRequestHeaders } from '../../policy/request-headers.js';
import { correctAll } from '../corrections/correct-refusal.js';
import type { RefusedRequest } from '../corrections/correction.js';
import { correctHandshake } from '../corrections/handshake-correction.js';
import { BoundedLog } from './bounded-log.js';
import { logText } from './log-text.js';

/** The most nested applications that are logged. */
const MOST_NESTED = 16;

/** Finds the options of the policy that refused, and the policy of `CorsModule`. */
export type FindOptions = (refusal: Refusal) => Pick<RefusedRequest, 'effective' | 'applicationWide'>;

/** Logs refused requests for developers, with the fix. The number of lines is bounded. */
export class RefusalLog {
  /** By reason. A text of reason and target as key would be made for every refused request. */
  readonly #actual = new Map<CorsReason, BoundedLog>();
  readonly #preflights = new Map<CorsReason, BoundedLog>();
  readonly #handshakes = new Map<CorsReason, BoundedLog>();
  /** The handlers that are already logged. An application has a limited number. */
  readonly #rewritten = new Set<string>();
  /** The handlers and paths of nested applications that are already logged. Clients choose the case of a path, so there is a limit. */
  readonly #nested = new Set<string>();
  readonly #logger: { warn(message: string): void };
  readonly #enabled: boolean;
  readonly #findOptions: FindOptions;

  constructor(logger: { warn(message: string): void }, enabled: boolean, findOptions: FindOptions) {
    this.#logger = logger;
    this.#enabled = enabled;
    this.#findOptions = findOptions;
  }

  add(refusal: Refusal): void {
    const { reason, because, target, requestedHeaders, handshake } = refusal;
    if (!this.#enabled) {
      return;
    }
    const lines = this.#lines(refusal);
    // The key has nothing that clients send, so a flood of origins is one line.
    if (lines.isFull(target) || !lines.admits(target, variantOf(refusal))) {
      return;
    }
    const names = requestedHeaders === undefined ? '' : ` with headers ${logText(requestedHeaders)}`;
    const others = otherRefusals(refusal);
    const refused = {
      ...refusal,
      ...this.#findOptions(refusal),
      missingHeaders: others.flatMap((other) => other.missingHeaders).concat(missingHeaders(refusal)),
    };
    const [correction, ...next] = correctAll([because ?? reason, ...others.map((other) => other.reason)], refused);
    const first = (handshake && correctHandshake(refused, handshake)) ?? correction;
    const then = next.map((correction, index) => ` Then ${others[index]?.reason}: ${correction?.text}`).join('');
    const leftOut = lines.countLeftOut(target);
    this.#logger.warn(
      `${reason}${because === undefined ? '' : ` (${because})`}: ${describe(refusal)}${names} (${target})` +
        `${first === undefined ? '' : `: ${first.why} ${first.text}`}${then}` +
        `${leftOut === 0 ? '' : ` (${leftOut} more since the last line)`}`,
    );
  }

  /** Logs once for each handler that middleware led a request to it, past the policy that answers its preflight. */
  addRewritten({ target, arrived, reached }: RewrittenRequest): void {
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

  /** Logs once for each nested application that it decides about responses. */
  addNested({ path, handler }: NestedApplication): void {
    const key = handler ?? path;
    if (!this.#enabled || this.#nested.has(key) || this.#nested.size >= MOST_NESTED) {
      return;
    }
    this.#nested.add(key);
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

  #lines({ reason, preflight, handshake }: Refusal): BoundedLog {
    const logs = preflight ? this.#preflights : handshake === undefined ? this.#actual : this.#handshakes;
    let lines = logs.get(reason);
    if (lines === undefined) {
      lines = new BoundedLog();
      logs.set(reason, lines);
    }
    return lines;
  }
}

function describe({ preflight, handshake, method, url, origin }: Refusal): string {
  const what = handshake === undefined || preflight ? logText(method) : 'WebSocket handshake';
  const sender =
    handshake !== undefined && origin === undefined ? 'without an origin' : `from origin ${logText(origin ?? '')}`;
  return `${preflight ? 'preflight for ' : ''}${what} ${logText(withoutQuery(url))} ${sender}`;
}

/** What else the policy refuses, so that the next request is not refused again. */
function otherRefusals({ reason, preflight, policy, origin, method, requestedHeaders }: Refusal) {
  const facts = { origin, originAllowed: true, requestedMethod: method, requestedHeaders, knownMethods: KNOWN_METHODS };
  return preflight && policy.state === 'open'
    ? refusalsOf(policy, facts).filter((other) => other.reason !== reason && !other.reason.startsWith('origin-'))
    : [];
}

/** Queries may contain secrets, and no policy depends on them. */
function withoutQuery(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** What the policy does not list, or why it would refuse. Each variant has a line. */
function variantOf(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'header-not-allowed':
      return missingHeaders(refusal).join();
    case 'method-not-allowed':
      return refusal.method;
    default:
      return refusal.because ?? refusal.handshake?.trustProxy ?? '';
  }
}

function missingHeaders({ reason, policy, requestedHeaders }: Refusal): readonly string[] {
  return reason === 'header-not-allowed' ? missingRequestHeaders(policy, requestedHeaders) : [];
}
