import type { NearMiss } from '../origin/near-miss.js';
import type { CorsReason } from '../policy/decision.js';

/** A request of a page, for `CorsService.explain()`. */
export interface CorsExplanationRequest {
  /** The origin of the page, as the browser sends it: `https://admin.example.com`, or `null` for a sandboxed frame. */
  readonly origin: string;
  /**
   * The URL that the page requests: a path with its query (`/orders/7?full=1`), or an absolute `http:` or `https:` URL,
   * whose host is then the `host`. A fragment is not sent.
   */
  readonly url: string;
  /**
   * The method, as the page writes it. Browsers change `delete`, `get`, `head`, `options`, `post` and `put` to upper
   * case, and no other: `patch` stays.
   * @default 'GET'
   */
  readonly method?: string | undefined;
  /**
   * The request headers that the page sets: a list of names, or an object of names and values. A name without a value
   * always needs a preflight. With its value, `content-type: text/plain` needs none. A version in a header is found by
   * its value. Names that scripts cannot set, such as `cookie`, are left out, because browsers do not send them.
   * @default []
   */
  readonly headers?: readonly string[] | Readonly<Record<string, string>> | undefined;
  /**
   * Whether the page sends cookies: `credentials: 'include'` of `fetch`, or `withCredentials`.
   * @default false
   */
  readonly credentials?: boolean | undefined;
  /**
   * The Host header, for applications whose routes depend on it: `api.example.com`. A page of the same host and port
   * has the same origin, and needs no CORS.
   * @default absent
   */
  readonly host?: string | undefined;
}

/**
 * Why a request is refused: a reason of the log, or one of two that no server sees. `credentials-not-allowed`: the page
 * sends credentials, and the policy does not set `credentials`. `wildcard-with-credentials`: the page sends
 * credentials, and the policy answers `*`.
 */
export type ExplanationReason = CorsReason | 'credentials-not-allowed' | 'wildcard-with-credentials';

/** What happens to one request of a page, and why. Frozen. `JSON.stringify` keeps everything but the text. */
export interface CorsExplanation {
  /**
   * Whether a browser hands the response to the page. `undefined` where that is not known: on an untouched route
   * (reason `no-policy`), and where a predicate or resolver threw an error, perhaps because this request is not a real
   * one.
   */
  readonly readable: boolean | undefined;
  /**
   * What refuses first: the answer to the preflight, `enforce` before the handler runs, or the browser when it reads
   * the response. `undefined` if nothing does.
   */
  readonly step: 'preflight' | 'enforcement' | 'response' | undefined;
  /** `allowed`, or the first reason to refuse. */
  readonly reason: ExplanationReason;
  /**
   * The other reasons: each refuses the request once those before it are corrected. On a disabled or untouched route
   * these are the reasons of the policy that the correction makes.
   */
  readonly next: readonly ExplanationReason[];
  /** The handler, for example `OrdersController.remove`; without one `paths "/docs"` or `CorsModule`. */
  readonly target: string;
  /** The handler; `undefined` if no handler serves this method and URL. */
  readonly handler: string | undefined;
  /** The preflight of the browser. */
  readonly preflight: {
    readonly needed: boolean;
    /** Why it is needed: `method DELETE`, `header authorization`. */
    readonly because: readonly string[];
    /** The status of its answer; `undefined` without a preflight, and where the platform answers it. */
    readonly status: number | undefined;
    /** All headers of its answer, by names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
  };
  /** The response to the request itself, as if it were sent. */
  readonly response: {
    /** The headers that nestjs-cors sets, by names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
  };
  /** All requested header names that the policy does not allow: in lower case, each once, in the order of `headers`. */
  readonly missingHeaders: readonly string[];
  /** The allowed origin from which the origin of the page differs in one part; `undefined` if there is none. */
  readonly nearMiss: NearMiss | undefined;
  /**
   * The place of each policy option: `OrdersController.remove`, `OrdersController`, `CorsModule`, `policy "partners"` or
   * `paths "/docs"`; `default` where none sets it.
   */
  readonly sources: Readonly<Record<string, string>>;
  /**
   * How each browser names the failure: a value of Chromium's `Network.CorsError`, Firefox's console category without
   * the digit at its end, and a label for WebKit's message. `undefined` where the browser has no
   * name, where it reads the response, and where the outcome is not known or depends on the platform's answer.
   */
  readonly browsers: {
    readonly chromium: string | undefined;
    readonly firefox: string | undefined;
    readonly webkit: string | undefined;
  };
  /** The explanation as text, in at most eight lines: verdict, why, change, next, policy, browser. Safe to print. */
  toString(): string;
}
