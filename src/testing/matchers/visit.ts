import type { CorsExplanation } from '../../explanations/cors-explanation.js';
import { normalizeMethod } from '../../policy/methods.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import type { CorsBlockedError } from '../cors-blocked.error.js';
import type { Page } from '../open-page.js';
import type { PageExchange } from '../page-exchange.js';

/** A request that a matcher makes, and its outcome. */
export interface Visit {
  readonly page: Page;
  /** For example `GET /orders`. */
  readonly request: string;
  /**
   * `empty`: the browser gives the page a response without content. `unanswered`: no response arrived, or no browser
   * sends this request.
   */
  readonly outcome: 'read' | 'empty' | 'blocked' | 'unanswered';
  /** Without its body. */
  readonly response: Response | undefined;
  readonly error: CorsBlockedError | undefined;
  /** What the page sent. */
  readonly exchanges: readonly PageExchange[];
  /** Explains the request. `undefined` if a redirect was followed: the response belongs to another request. */
  explain(): Promise<CorsExplanation | undefined>;
}

/**
 * Makes a request.
 * @throws TypeError if the received value is no page
 * @throws the reason of `signal` if it is aborted
 */
export async function visit(
  matcher: string,
  page: unknown,
  path: string | URL,
  init: RequestInit = {},
): Promise<Visit> {
  if (!isPage(page)) {
    throw new TypeError(
      `${matcher}() received ${quoteValue(page)}, which is no page. ` +
        `Write \`await expect(openPage(app, origin)).${matcher}('/orders')\`.`,
    );
  }
  const sent = page.exchanges.length;
  const request = `${normalizeMethod(init.method ?? 'GET')} ${path}`;
  const made = await page.fetch(path, init).catch(blockedError);
  const exchanges = page.exchanges.slice(sent);
  if (made instanceof Response) {
    // An unread body would keep its connection open.
    await made.body?.cancel();
    const outcome = made.type === 'basic' || made.type === 'cors' ? 'read' : 'empty';
    const explain = async () => (made.redirected ? undefined : page.explain(path, init));
    return { page, request, outcome, response: made, error: undefined, exchanges, explain };
  }
  const { step, explanation } = made.cors;
  // In Jest, the errors of Node's own classes are no instances of its TypeError.
  const isRefusedArgument = step === 'request' && (made.cause as Error | undefined)?.name === 'TypeError';
  const outcome = step === 'network' || isRefusedArgument ? 'unanswered' : 'blocked';
  return { page, request, outcome, response: undefined, error: made, exchanges, explain: async () => explanation };
}

/** Not by `instanceof`: test runners can load a module twice. */
function isPage(value: unknown): value is Page {
  return typeof value === 'object' && value !== null && 'preflightCache' in value && 'fetch' in value;
}

function blockedError(error: unknown): CorsBlockedError {
  if (error instanceof Error && 'cors' in error) {
    return error as CorsBlockedError;
  }
  throw error;
}
