import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HandshakeDecision } from '../http/handshake/handshake-decision.js';
import { type GuardedResponse, guardHead, writePreflight } from '../http/head/head-guard.js';
import { VARY_PREFLIGHT } from '../policy/decide.js';
import type { CorsDecision } from '../policy/decision.js';

/** A request as Engine.IO passes it on: with its query. */
interface EngineRequest extends IncomingMessage {
  readonly _query: { readonly sid?: string; readonly j?: string };
}

/** A response to an HTTP request; that to a WebSocket upgrade has fewer methods. */
type EngineResponse = ServerResponse | Pick<ServerResponse, 'setHeader'>;

/** `allowRequest` of Engine.IO. */
export type AllowRequest = (
  request: IncomingMessage,
  answer: (error: string | null | undefined, allowed: boolean) => void,
) => unknown;

type Check = (request: IncomingMessage, isJsonp: boolean) => Promise<HandshakeDecision>;

const NOT_ALLOWED = 'Origin not allowed';
const BARE = bare(['Origin']);
const BARE_PREFLIGHT = bare(VARY_PREFLIGHT);
/** Engine.IO's own logs say enough. */
const SILENT = { headersRemoved: () => undefined, headLeftAlone: () => undefined };

/**
 * Checks the requests of one Engine.IO server, which carries the connections of socket.io. Engine.IO answers before
 * Express and Fastify see a request, so these responses get their headers here.
 */
export class EngineGuard {
  readonly #check: Check;
  readonly #decisions = new WeakMap<IncomingMessage, Promise<HandshakeDecision>>();

  /** @param check never rejects */
  constructor(check: Check) {
    this.#check = check;
  }

  /**
   * Middleware of Engine.IO. It runs first, for every request: answers preflights, puts the headers on every other
   * response, error responses included, and refuses the requests of an existing session.
   */
  async handle(request: EngineRequest, response: EngineResponse, next: (error?: Error) => void): Promise<void> {
    const decision = await this.#decide(request);
    if ('getHeaderNames' in response) {
      const guarded = response as unknown as GuardedResponse & { end(): unknown };
      if (request.method === 'OPTIONS' && 'access-control-request-method' in request.headers) {
        const status = decision.allowed ? (decision.policy?.optionsSuccessStatus ?? 204) : 403;
        writePreflight(guarded, status, headDecision(decision, BARE_PREFLIGHT), undefined);
        return;
      }
      const { writeHead } = guarded;
      guarded.writeHead = guardHead(
        () => writeHead,
        () => headDecision(decision, BARE),
        false,
        SILENT,
      );
    }
    // Without a session, `allowRequest` refuses: then the status is 403, and the event `connection_error` says why.
    const isRefused = !decision.allowed && Boolean(request._query.sid);
    next(isRefused ? new Error(NOT_ALLOWED) : undefined);
  }

  /**
   * The option `allowRequest` of Engine.IO: it is called for requests that start a session.
   * @param own the function of the gateway, called for allowed requests
   * @param failed receives its error, which refuses the request
   */
  allowRequest(own: AllowRequest | undefined, failed: (error: unknown) => void): AllowRequest {
    return async (request, answer) => {
      const { allowed } = await this.#decide(request as EngineRequest);
      if (!allowed || own === undefined) {
        answer(allowed ? null : NOT_ALLOWED, allowed);
        return;
      }
      try {
        await own(request, answer);
      } catch (error) {
        failed(error);
        answer('allowRequest failed', false);
      }
    };
  }

  #decide(request: EngineRequest): Promise<HandshakeDecision> {
    // A `<script>` of any page can poll by JSONP, read the messages, and sends no Origin.
    const decision = this.#decisions.get(request) ?? this.#check(request, request._query.j !== undefined);
    this.#decisions.set(request, decision);
    return decision;
  }
}

/** The decision for the head of a response. Pages of the server's own origin need no headers. */
function headDecision({ allowed, cors }: HandshakeDecision, bareDecision: CorsDecision): CorsDecision {
  return allowed && cors !== undefined ? cors : bareDecision;
}

function bare(vary: readonly string[]): CorsDecision {
  return Object.freeze({ outcome: 'refused', reason: 'no-policy', headers: [], vary });
}
