import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { RawRequest } from './http-platform.js';

/** The answer of a predicate or resolver for one request, with the policy that asked. */
export interface OriginVerdict {
  readonly policy: CompiledPolicy;
  readonly allowed: boolean;
}

/** The state of one request in one application. Kept on the raw response, because every later step has it. */
export class RequestState {
  /** The handler that the router named. */
  entry: RouteEntry | undefined = undefined;
  /** The policy that applies where the router named no handler. Set when handling the request failed. */
  policy: CompiledPolicy | undefined = undefined;
  /** The answer of the predicate or resolver, if it was called early. */
  verdict: OriginVerdict | undefined = undefined;
  /** Whether the head of the response is left as it is: the preflight is answered, or passed on to the platform. */
  headUntouched = false;
  /** Whether the policy of the handler that was reached refused the request. */
  refused = false;
  readonly method: string;
  readonly url: string;
  readonly askedUrl: string;
  readonly first: RequestState | undefined;

  /**
   * @param method as it arrived: middleware may change it
   * @param url as it arrived: middleware that is mounted on a path changes it
   * @param askedUrl what the client asked for, for logs; another one where an application around this one is mounted on a path
   * @param first the state of the same request when the application took it for the first time
   */
  constructor(method: string, url: string, askedUrl: string, first: RequestState | undefined) {
    this.method = method;
    this.url = url;
    this.askedUrl = askedUrl;
    this.first = first;
  }

  /** The answer of the predicate or resolver of a policy; `undefined` if it was not called. */
  verdictOf(policy: CompiledPolicy): boolean | undefined {
    return this.verdict?.policy === policy ? this.verdict.allowed : undefined;
  }
}

/** The slot of one application on a raw response. Each application has its own symbol. */
export class ResponseKeys {
  readonly state: symbol = Symbol('nestjs-cors.state');
}

/** A raw response with the responseKeys of some application on it. */
export type SlottedResponse = Record<symbol, unknown>;

/** Notes a request that arrives. A platform may take one request twice, the second time with another URL. */
export function takeRequest(raw: RawRequest, response: object, slot: symbol): RequestState {
  const { method = '', url = '' } = raw;
  const before = (response as SlottedResponse)[slot] as RequestState | undefined;
  const first = before === undefined ? undefined : (before.first ?? before);
  const state = new RequestState(method, url, first?.askedUrl ?? raw.originalUrl ?? url, first);
  (response as SlottedResponse)[slot] = state;
  return state;
}

/** The state of the request of a response; `undefined` if it did not pass the early hook. */
export function stateOf(response: object, slot: symbol): RequestState | undefined {
  return (response as SlottedResponse)[slot] as RequestState | undefined;
}

/** Notes which handler the router named; `undefined` where that handler passed the request on. */
export function noteHandler(response: object, slot: symbol, entry: RouteEntry | undefined): void {
  const state = stateOf(response, slot);
  if (state !== undefined) {
    state.entry = entry;
  }
}

/** Whether the client disconnected. Valid before the body of the request is read. */
export function isGone(response: object): boolean {
  const { destroyed, stream, req } = response as {
    readonly destroyed?: boolean;
    readonly stream?: { readonly destroyed?: boolean };
    readonly req?: { readonly destroyed?: boolean; readonly readableEnded?: boolean };
  };
  // A response that waits behind others on its connection is not told that the connection is gone; its request is.
  const aborted = req?.destroyed === true && req.readableEnded !== true;
  return destroyed === true || stream?.destroyed === true || aborted;
}

/** Whether the response was sent already or the client disconnected: then there is no head left to write. */
export function isAnswered(response: object): boolean {
  return (response as { readonly headersSent?: boolean }).headersSent === true || isGone(response);
}
