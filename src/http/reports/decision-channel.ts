import { channel } from 'node:diagnostics_channel';
import type { CorsDecision, CorsReason } from '../../policy/decision.js';
import type { PolicySource } from '../../policy/policy-source.js';
import { type Exchange, isOfNestedApplication } from '../exchange.js';

/**
 * The message of the `node:diagnostics_channel` named `nestjs-cors:decision`: the decision about one request, or one
 * check of a WebSocket handshake. It is frozen, and each request has one message. An error of a subscriber changes no
 * response: Node raises it as an uncaught exception, as for every channel.
 */
export interface CorsDecisionMessage {
  /** What was decided, and why. */
  readonly decision: CorsDecision;
  /** The handler, the gateway, the entry of `paths`, a named policy or `CorsModule`. */
  readonly target: string;
  /** The Origin header, as it arrived. */
  readonly origin: string | undefined;
  /** The method of the request; for a preflight the requested method. */
  readonly method: string;
  /** The path that the client requested, without its query. */
  readonly path: string;
  /** Whether the request is a preflight. */
  readonly preflight: boolean;
}

const DECISIONS = channel('nestjs-cors:decision');

/** Set on a response whose decision is published, or must not be. A registered symbol, because nested applications share responses. */
const PUBLISHED = Symbol.for('nestjs-cors.published');

/** Keeps the decision about a request from being published. */
export function withholdDecision(response: object): void {
  (response as { [PUBLISHED]?: true })[PUBLISHED] = true;
}

/**
 * Publishes the decision about a request, unless it is already published.
 * @param refusal the reason, where the request is refused, or `enforceReportOnly` reports it, although the decision alone does not say so
 */
export function publishDecision(
  decision: CorsDecision,
  match: { readonly target: PolicySource },
  exchange: Exchange,
  refusal?: CorsReason,
): void {
  if (DECISIONS.hasSubscribers) {
    publish(decision, match.target, exchange, refusal);
  }
}

function publish(decision: CorsDecision, target: PolicySource, exchange: Exchange, refusal?: CorsReason): void {
  const response = exchange.response as { [PUBLISHED]?: true };
  const isLeft = decision.outcome === 'untouched' && refusal === undefined;
  if (response[PUBLISHED] === true || (isLeft && isOfNestedApplication(exchange))) {
    return; // the outer application decides about what a nested one leaves
  }
  withholdDecision(response);
  const { method, raw, clientUrl } = exchange;
  const { origin, 'access-control-request-method': requestedMethod } = raw.headers;
  const preflight = method === 'OPTIONS' && typeof origin === 'string' && typeof requestedMethod === 'string';
  const { headers, vary } = decision;
  send({
    decision: {
      ...decision,
      ...(refusal !== undefined && { outcome: 'refused', reason: refusal }),
      headers: Object.freeze([...headers]),
      vary: Object.freeze([...vary]),
    },
    target,
    origin: typeof origin === 'string' ? origin : undefined,
    method: preflight ? requestedMethod : method,
    path: clientUrl,
    preflight,
  });
}

/** What was decided about a WebSocket handshake. */
export interface DecidedHandshake {
  readonly reason: CorsReason;
  readonly allowed: boolean;
  readonly target: PolicySource;
  readonly origin: string | undefined;
  /** For a preflight the requested method. */
  readonly method: string;
  readonly url: string;
  readonly preflight: boolean;
}

/** Publishes the decision about a WebSocket handshake, whose response has no headers of ours. */
export function publishHandshake(handshake: DecidedHandshake): void {
  if (DECISIONS.hasSubscribers) {
    const { reason, allowed, url: path, origin, target, method, preflight } = handshake;
    const outcome = allowed ? 'allowed' : 'refused';
    const decision = { outcome, reason, headers: Object.freeze([]), vary: Object.freeze([]) } as const;
    send({ decision, target, origin, method, path, preflight });
  }
}

function send(message: CorsDecisionMessage): void {
  const path = message.path.split('?', 1)[0] as string;
  DECISIONS.publish(
    Object.freeze<CorsDecisionMessage>({ ...message, decision: Object.freeze(message.decision), path }),
  );
}
