import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { PathMatch } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { RawRequest, RouteQuery } from './http-platform.js';

/** Where a policy was found: at the handler of a request, or at its path if there is no handler. */
export type PolicyMatch = RouteEntry | PathMatch;

/** The answer of a predicate or resolver for one request, with the policy that it belongs to. */
interface OriginVerdict {
  readonly policy: CompiledPolicy;
  readonly allowed: boolean;
}

/**
 * One request and its response in one application, with what is known of them. Stored on the raw response, because
 * every later step has it. As a route query, it is for the handler of the request that arrived.
 */
export class Exchange implements RouteQuery {
  /** The platform's own request object. */
  readonly request: unknown;
  /** The request below it. */
  readonly raw: RawRequest;
  /** The raw response. */
  readonly response: object;
  /** The exchange of the same request when the application received it for the first time. */
  readonly first: Exchange | undefined;
  /** As it arrived: middleware may change it. */
  readonly method: string;
  /** As it arrived: middleware that is mounted on a path changes it. */
  readonly url: string;
  /** The URL that the client sent, for logs. It is longer if an outer application is mounted on a path. */
  readonly clientUrl: string;
  /** The handler that the router reached. */
  entry: RouteEntry | undefined = undefined;
  /** The match that applies if the router reaches no handler, once it is known. */
  match: PolicyMatch | undefined = undefined;
  /** The answer of the predicate or resolver, if it was called early. */
  verdict: OriginVerdict | undefined = undefined;
  /** Whether the head of the response stays as it is: the preflight is answered, or passed on to the platform. */
  headUntouched = false;
  /** The match of a preflight that is passed on to the platform. */
  passedOn: Pick<PolicyMatch, 'target'> | undefined = undefined;
  /** Whether the policy of the handler that was reached refused the request. */
  refused = false;
  /** Whether the request was reported as one that would be refused without `enforceReportOnly`. */
  wouldRefuse = false;

  constructor(request: unknown, raw: RawRequest, response: object, first: Exchange | undefined) {
    this.request = request;
    this.raw = raw;
    this.response = response;
    this.first = first;
    const { method = '', url = '' } = raw;
    this.method = method;
    this.url = url;
    this.clientUrl = first?.clientUrl ?? raw.originalUrl ?? url;
  }

  get preflight(): false {
    return false;
  }

  /**
   * Whether the browser says that the request stays within one origin.
   * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
   */
  get isSameOrigin(): boolean {
    return this.raw.headers['sec-fetch-site'] === 'same-origin';
  }

  /** Whether the response was sent already or the client disconnected: then there is no head left to write. */
  get isAnswered(): boolean {
    return (this.response as { readonly headersSent?: boolean }).headersSent === true || isGone(this.response);
  }

  /** The answer of the predicate or resolver of a policy; `undefined` if it was not called. */
  verdictOf(policy: CompiledPolicy): boolean | undefined {
    return this.verdict?.policy === policy ? this.verdict.allowed : undefined;
  }
}

/** The description of response keys. Nested applications recognise those of other applications by it. */
const KEY = 'nestjs-cors.exchange';

/** A new key, with which an application stores its exchanges on responses. */
export function createResponseKey(): symbol {
  return Symbol(KEY);
}

/** A raw response with properties of ours. */
export type KeyedResponse = Record<symbol, unknown>;

/**
 * Notes a request that arrives. A platform may hand over one request twice, the second time with another URL.
 * @param key where an application stores its exchanges; each application has its own symbol
 */
export function receiveExchange(request: unknown, raw: RawRequest, response: object, key: symbol): Exchange {
  const before = exchangeOf(response, key);
  const exchange = new Exchange(request, raw, response, before?.first ?? before);
  (response as KeyedResponse)[key] = exchange;
  return exchange;
}

/** The exchange that a response belongs to; `undefined` if its request did not pass the early hook. */
export function exchangeOf(response: object, key: symbol): Exchange | undefined {
  return (response as KeyedResponse)[key] as Exchange | undefined;
}

/** Whether an outer application received the same response before. */
export function isOfNestedApplication(exchange: Exchange): boolean {
  const { response } = exchange;
  const outermost = Object.getOwnPropertySymbols(response).find(({ description }) => description === KEY);
  return outermost !== undefined && (response as KeyedResponse)[outermost] !== exchange;
}

/** Notes which handler the router reached; `undefined` where that handler passed the request on. */
export function noteHandler(response: object, key: symbol, entry: RouteEntry | undefined): void {
  const exchange = exchangeOf(response, key);
  if (exchange !== undefined) {
    exchange.entry = entry;
  }
}

/** Whether the client disconnected. Valid before the body of the request is read. */
export function isGone(response: object): boolean {
  const { destroyed, stream, req } = response as {
    readonly destroyed?: boolean;
    readonly stream?: { readonly destroyed?: boolean };
    readonly req?: { readonly destroyed?: boolean; readonly readableEnded?: boolean };
  };
  // On a connection with several pending requests, only the request of a waiting response is told that the client is
  // gone.
  const aborted = req?.destroyed === true && req.readableEnded !== true;
  return destroyed === true || stream?.destroyed === true || aborted;
}
