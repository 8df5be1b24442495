import { judge, judgeRequest, type Verdict } from '../../../../src/browser/judge.js';
import { isCrossOrigin, originAfterRedirect, type PageRequest } from '../../../../src/browser/page-request.js';
import { preflightOf } from '../../../../src/browser/preflight.js';
import type { Exchange } from '../../servers/exchanges.js';

/** The verdict of the library on everything that a browser received for one request of a page. */
export interface JudgedRow {
  /** The request of the page. */
  readonly asked: PageRequest;
  /** The verdict on the first hop. */
  readonly first: Verdict;
  /** The verdict on the last hop, which is the only one without redirects. */
  readonly last: Verdict;
  /** What the browser must have sent to the API: `preflight` or `request`, and its origin. */
  readonly sends: readonly string[];
  /** The request of the last hop, and its exchange, if the API answered it. */
  readonly request: PageRequest;
  readonly exchange: Exchange | undefined;
}

/** The pages allow no origin. */
const ANSWER_OF_PAGES = Object.freeze({ status: 200, headers: Object.freeze([]) });

/**
 * Follows a request from hop to hop, as a browser does.
 * @param exchanges what the API received and answered
 * @param isApi whether a URL leads to the API
 */
export function judgeRow(
  asked: PageRequest,
  exchanges: readonly Exchange[],
  isApi: (url: string) => boolean,
): JudgedRow {
  const rest = [...exchanges];
  const sends: string[] = [];
  let request = asked;
  let first: Verdict | undefined;
  for (;;) {
    if (judgeRequest(request) === undefined && isApi(request.url) && preflightOf(request) !== undefined) {
      sends.push(`preflight from ${request.origin}`);
    }
    const preflight = rest[0]?.preflight ? rest.shift() : undefined;
    const exchange = rest[0]?.preflight === false ? rest.shift() : undefined;
    const verdict = judge(request, {
      ...(preflight && { preflight: preflight.response }),
      response: exchange?.response ?? ANSWER_OF_PAGES,
    });
    if (isApi(request.url) && verdict.step !== 'request' && verdict.step !== 'preflight') {
      sends.push(`request from ${request.origin}`);
    }
    first ??= verdict;
    if (verdict.follow === undefined) {
      return { asked, first, last: verdict, sends, request, exchange };
    }
    request = redirected(request, verdict.follow, exchange?.response.status ?? 0);
  }
}

/** https://fetch.spec.whatwg.org/#http-redirect-fetch */
function redirected(request: PageRequest, to: string, status: number): PageRequest {
  const becomesGet = status === 303 || (status <= 302 && request.method === 'POST');
  const leaves = isCrossOrigin(new URL(request.url).origin, new URL(to));
  return {
    ...request,
    url: to,
    origin: originAfterRedirect(request.origin, request.url, to),
    method: becomesGet ? 'GET' : request.method,
    headers: request.headers.filter(({ name }) => !leaves || name.toLowerCase() !== 'authorization'),
  };
}
