import type { Step } from '../browser/judge.js';
import type { CorsExplanation } from '../explanations/cors-explanation.js';

/** Why a page cannot read a response. */
export interface BlockedRequest {
  /**
   * The failure as Chromium names it: a value of `Network.CorsError`, for example `MissingAllowOriginHeader`.
   * `undefined` where browsers have no name: a lost connection, `Cross-Origin-Resource-Policy`, mixed content, and
   * requests that no page can make.
   */
  readonly code: string | undefined;
  /**
   * The step that fails. `request`: the browser sends nothing. `preflight`: the answer to the preflight refuses.
   * `redirect`: a hop fails; what fails at the end is `response`. `enforcement`: the application refused to run the
   * handler, so that its response is a 403 without CORS headers. `network`: no response arrived.
   */
  readonly step: Step | 'enforcement';
  /** What Chromium quotes beside the code, for example the refused method or header. */
  readonly parameter: string | undefined;
  /**
   * What `CorsService.explain()` says of the request that failed. `undefined` where the application has no `CorsModule`,
   * where the page only knows a base URL, and where CORS is not the reason.
   */
  readonly explanation: CorsExplanation | undefined;
}

/**
 * What `page.fetch` rejects with. To the code under test it is the error of a browser: a `TypeError` with the message
 * `Failed to fetch`, which tells nothing. To the test it tells everything in {@link CorsBlockedError.cors}. Its `cause`
 * is the error of the connection or of the arguments, if there is one, or else an error whose text is the explanation, or
 * names the request, the step and the code.
 */
export class CorsBlockedError extends TypeError {
  /** Why the browser blocks the request. */
  readonly cors: BlockedRequest;

  /** @internal */
  constructor(cors: BlockedRequest, cause?: unknown) {
    super('Failed to fetch', cause === undefined ? undefined : { cause });
    this.cors = cors;
  }
}
