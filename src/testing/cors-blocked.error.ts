import type { Step } from '../browser/judge.js';
import type { CorsExplanation } from '../explanations/cors-explanation.js';

/** Why a page cannot read a response. */
export interface BlockedRequest {
  /**
   * Chromium's name of the failure: a value of `Network.CorsError`, for example `MissingAllowOriginHeader`. `undefined`
   * where Chromium has no name: a lost connection, `Cross-Origin-Resource-Policy`, mixed content, and arguments that
   * `fetch` rejects.
   */
  readonly code: string | undefined;
  /**
   * The step that fails.
   * - `request`: the browser sends nothing.
   * - `preflight`: the response to the preflight does not allow the request.
   * - `enforcement`: the application answers 403 without CORS headers, and runs no handler.
   * - `response`: the browser hides the response, the last one if there were redirects.
   * - `redirect`: the browser does not follow a redirect.
   * - `network`: no response arrived.
   */
  readonly step: Step | 'enforcement';
  /** The value that Chromium quotes beside the code, for example the refused method or header. */
  readonly parameter: string | undefined;
  /**
   * The result of `CorsService.explain()` for the request that failed. `undefined` if the application has no
   * `CorsModule`, if it is a base URL, and if CORS is not the reason.
   */
  readonly explanation: CorsExplanation | undefined;
}

const STEPS: Readonly<Record<BlockedRequest['step'], string>> = Object.freeze({
  request: 'The browser sends nothing',
  preflight: 'The preflight fails',
  redirect: 'A redirect fails',
  enforcement: 'The application refuses it before its handler runs',
  response: 'The page cannot read the response',
  network: 'No response arrived',
});

/** The step that fails and Chromium's name of the failure, as a sentence. */
export function failureText({ step, code, parameter }: Omit<BlockedRequest, 'explanation'>): string {
  const quoted = parameter ? ` (${parameter})` : '';
  return `${STEPS[step]}${code === undefined ? '' : `: ${code}${quoted}`}.`;
}

/**
 * The error of `page.fetch`. The code under test sees the error of a browser: a `TypeError` with the message
 * `Failed to fetch`. The test finds the reason in {@link CorsBlockedError.cors}. The `cause` is the error of the
 * connection or of the arguments. Without one, its message is the explanation, or names the request, the step and the
 * code.
 */
export class CorsBlockedError extends TypeError {
  /** Why the browser blocks the request. */
  readonly cors: BlockedRequest;

  constructor(cors: BlockedRequest, cause?: unknown) {
    super('Failed to fetch', cause === undefined ? undefined : { cause });
    this.cors = cors;
  }
}
