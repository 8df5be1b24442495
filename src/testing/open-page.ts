import type { INestApplication } from '@nestjs/common';
import type { CorsExplanation } from '../explanations/cors-explanation.js';
import { CookieJar } from './cookies/cookie-jar.js';
import { type BlockedRequest, CorsBlockedError, failureText } from './cors-blocked.error.js';
import { explainIn, hasCorsModule, missingModule } from './explain-hop.js';
import { type FetchRequest, readFetchRequest } from './fetch-request.js';
import { type BlockedFetch, fetchSteps, type LostConnection, type WireRequest } from './fetch-steps.js';
import { firstHop } from './hop.js';
import type { PageExchange } from './page-exchange.js';
import { checkPage, type PageOptions } from './page-options.js';
import { PreflightCache } from './preflight-cache.js';
import {
  type ApplicationAddress,
  addressOf,
  currentAddressOf,
  destinationOf,
  serverName,
} from './wire/application-address.js';
import { type ArrivedResponse, type Destination, send } from './wire/send.js';

/**
 * Opens a page of an origin. Its `fetch` requests an application as a browser would: it sends and caches preflights,
 * stores cookies, follows redirects, and shows the script only what the CORS headers allow. It simulates Chromium, and
 * has no HTTP cache and no DOM. It connects to this machine only.
 *
 * @example
 * ```ts
 * const page = openPage(app, 'https://app.example.com');
 * const response = await page.fetch('/orders/7', { method: 'DELETE', headers: { authorization: 'x' } });
 * ```
 * @param app an application, or a base URL on this machine such as `http://localhost:3000`. An application that does not
 * listen starts with the first request, on a free port of 127.0.0.1.
 * @param origin the origin of the page, as browsers send it: `https://app.example.com`, or `null` for a sandboxed frame
 * @throws TypeError for an argument that cannot be used; the message names the value and the fix
 */
export function openPage(app: INestApplication | string, origin: string, options: PageOptions = {}): Page {
  checkPage(app, origin, options);
  return new Page(app, origin, options.address);
}

/** A page of an origin. Made by {@link openPage}. */
export class Page {
  /** The origin of the page. */
  readonly origin: string;
  /** The preflights that the page has cached. */
  readonly preflightCache = new PreflightCache();
  /** The cookies that the page's browser stores. */
  readonly cookies: CookieJar;
  readonly #app: INestApplication | string;
  readonly #address: string | undefined;
  readonly #exchanges: PageExchange[] = [];

  /** @internal */
  constructor(app: INestApplication | string, origin: string, address: string | undefined) {
    this.origin = origin;
    this.#app = app;
    this.#address = address;
    // Clients of an API accept `{ fetch: page.fetch }`.
    this.fetch = this.fetch.bind(this);
    this.cookies = new CookieJar(origin, () => this.#address ?? currentAddressOf(app)?.url);
  }

  /** Every request that the page sent, preflights too, with the head of its response. In the order of the responses. */
  get exchanges(): readonly PageExchange[] {
    return Object.freeze([...this.#exchanges]);
  }

  /**
   * `fetch`, as a script of the page calls it. A relative URL resolves against the address of the application.
   * The options and their defaults are those of browsers, for example `credentials: 'same-origin'`.
   *
   * @returns the response with the headers and the body that the script may read
   * @throws CorsBlockedError if a browser blocks the request or its response, and if no response arrives
   * @throws the reason of `signal` if it is aborted
   * @throws CorsConfigurationError, and any other error with which the application does not start
   * @see https://fetch.spec.whatwg.org/#fetch-method
   */
  async fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const address = await this.#addressOfApplication();
    let request: FetchRequest;
    try {
      request = await readFetchRequest(input, init, address.url);
    } catch (cause) {
      throw new CorsBlockedError(
        Object.freeze({ code: undefined, step: 'request', parameter: undefined, explanation: undefined }),
        cause,
      );
    }
    request.signal?.throwIfAborted();
    const page = {
      origin: this.origin,
      preflightCache: this.preflightCache,
      cookies: this.cookies,
      send: (wire: WireRequest) => this.#send(wire, address),
    };
    const result = await fetchSteps(page, request);
    if (result instanceof Response) {
      return result;
    }
    const explanation = await this.#explain(result, address);
    const cause = result.cause ?? textError(explanation ?? this.#describe(result, address));
    throw new CorsBlockedError(blockedRequest(result, explanation), cause);
  }

  /**
   * Explains a request of this page without sending it, as `CorsService.explain()` does.
   *
   * @returns `undefined` if the application has no `CorsModule` or is a base URL, and for other modes than `cors`
   * @throws TypeError for arguments that `fetch` rejects
   */
  async explain(input: string | URL | Request, init: RequestInit = {}): Promise<CorsExplanation | undefined> {
    const { url } = await this.#addressOfApplication();
    const request = await readFetchRequest(input instanceof Request ? input.clone() : input, init, url);
    return typeof this.#app === 'string'
      ? undefined
      : explainIn(this.#app, firstHop(this.origin, request, new URL(request.url)).judged);
  }

  async #addressOfApplication(): Promise<ApplicationAddress> {
    const found = await addressOf(this.#app);
    if (found === undefined) {
      throw new CorsBlockedError(
        Object.freeze({ code: undefined, step: 'network', parameter: undefined, explanation: undefined }),
        new Error('The application was closed. Send requests before `app.close()`.'),
      );
    }
    return this.#address === undefined ? found : { ...found, url: this.#address };
  }

  async #send(wire: WireRequest, address: ApplicationAddress): Promise<ArrivedResponse | LostConnection> {
    const { url, method, headers, body, signal, preflight } = wire;
    try {
      const target = `${url.pathname}${url.search}`;
      const response = await send(destinationFor(url, address), { method, target, headers, body, signal });
      this.#record(wire, response);
      return response;
    } catch (cause) {
      this.#record({ url, method, headers, preflight }, undefined);
      signal?.throwIfAborted();
      return { cause };
    }
  }

  #record(
    { preflight, method, url, headers }: Pick<WireRequest, 'preflight' | 'method' | 'url' | 'headers'>,
    response: ArrivedResponse | undefined,
  ): void {
    this.#exchanges.push(
      Object.freeze({
        preflight,
        method,
        url: url.href,
        requestHeaders: Object.freeze(headers.map((header) => Object.freeze(header))),
        status: response?.status,
        responseHeaders: Object.freeze(
          (response?.headers ?? []).map(({ name, value }) => Object.freeze([name, value] as const)),
        ),
      }),
    );
  }

  /** Explains the request that failed, if it went to the application and a CORS check failed. */
  async #explain(blocked: BlockedFetch, address: ApplicationAddress): Promise<CorsExplanation | undefined> {
    return typeof this.#app !== 'string' && isRefusedBy(address, blocked)
      ? explainIn(this.#app, blocked.hop.judged)
      : undefined;
  }

  /** What happened, where there is no explanation. */
  #describe(blocked: BlockedFetch, address: ApplicationAddress): string {
    const { method, url } = blocked.hop.request;
    const text = `${method} ${url}: ${failureText(blocked)}`;
    return typeof this.#app !== 'string' && isRefusedBy(address, blocked) && !hasCorsModule(this.#app)
      ? `${text}\n${missingModule(this.origin)}`
      : text;
  }
}

/** Whether CORS checks failed in a response of the application. */
function isRefusedBy(address: ApplicationAddress, { byCors, hop }: BlockedFetch): boolean {
  return byCors === true && isAt(hop.url, address);
}

function destinationFor(url: URL, address: ApplicationAddress): Destination {
  return isAt(url, address) ? { ...address.destination, servername: serverName(url.hostname) } : destinationOf(url);
}

function isAt(url: URL, address: ApplicationAddress): boolean {
  return url.origin === new URL(address.url).origin;
}

function blockedRequest(
  { step, code, parameter, status }: BlockedFetch,
  explanation: CorsExplanation | undefined,
): BlockedRequest {
  const isEnforced = step === 'response' && status === 403 && explanation?.step === 'enforcement';
  return Object.freeze({ code, step: isEnforced ? 'enforcement' : step, parameter, explanation });
}

/** Test runners print it below the message. */
function textError(text: CorsExplanation | string): Error {
  const error = new Error(String(text));
  error.stack = error.message;
  return error;
}
