import { ENGINE_FACTS } from '../../../src/browser/engines.js';
import type { ConnectionFailed, HttpResponse } from '../../../src/browser/http-response.js';
import { judge, type Verdict } from '../../../src/browser/judge.js';
import { originAfterRedirect, type PageRequest } from '../../../src/browser/page-request.js';
import { preflightOf } from '../../../src/browser/preflight.js';
import { readableHeaders } from '../../../src/browser/readable-headers.js';
import { type Misconfiguration, type Reproduction, readMeasured } from '../../conformance/misconfigurations.js';

const PAGE = 'http://localhost:3000';
const API = 'http://localhost:3001';

const cases = readMeasured();

function requestOf({ id, request }: Misconfiguration): PageRequest {
  return {
    origin: request.from === 'sandboxed iframe' ? 'null' : PAGE,
    url: request.url ?? `${API}/${id}`,
    method: request.method,
    headers: Object.entries(request.headers ?? {}).map(([name, value]) => ({ name, value })),
    credentials: request.credentials === 'include',
    mode: request.by === 'img' ? 'no-cors' : (request.mode ?? 'cors'),
  };
}

function responseOf(answer: Reproduction): HttpResponse | ConnectionFailed {
  if ('reset' in answer) {
    return 'connection-failed';
  }
  const headers = Object.entries(answer.headers).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  );
  return { status: answer.status, headers };
}

/** The responses of paths that several cases redirect to. */
function responseAt(url: string, origin: string, misconfiguration: Misconfiguration): HttpResponse | ConnectionFailed {
  const { pathname, port } = new URL(url);
  const allowed = { status: 200, headers: [{ name: 'Access-Control-Allow-Origin', value: PAGE }] };
  const bare = { status: 200, headers: [] };
  if (port === '3003') {
    return 'connection-failed';
  }
  if (pathname === '/good') {
    return allowed;
  }
  if (pathname === '/page-origin-only') {
    return origin === PAGE ? allowed : bare;
  }
  return responseOf(misconfiguration.reproduce.actual);
}

/** Follows redirects as a browser does, and gives the verdict of each request. */
function judgeAll(misconfiguration: Misconfiguration): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  let request: PageRequest | undefined = requestOf(misconfiguration);
  while (request !== undefined) {
    const { url, origin }: PageRequest = request;
    const verdict = judge(request, {
      preflight: responseOf(misconfiguration.reproduce.preflight),
      response: responseAt(url, origin, misconfiguration),
    });
    verdicts.push(verdict);
    request =
      verdict.follow === undefined
        ? undefined
        : { ...request, url: verdict.follow, origin: originAfterRedirect(origin, url, verdict.follow) };
  }
  return verdicts;
}

const WHERE = {
  request: 'client',
  preflight: 'preflight',
  redirect: 'redirect',
  response: 'actual',
  network: 'network',
} as const;

/** Where the data says that a request fails. */
function whereOf(misconfiguration: Misconfiguration, verdicts: readonly Verdict[]): string {
  const { step, failed, readable } = verdicts.at(-1) as Verdict;
  if (step === undefined) {
    return readable && misconfiguration.request.mode === 'no-cors' ? 'client' : 'none';
  }
  // The data names the redirect as the cause when the page's origin became `null` on the way.
  return failed[0] === 'resource-policy' ? 'embed' : verdicts.length > 1 ? 'redirect' : WHERE[step];
}

const withoutDigit = (category: string | undefined) => category?.replace(/\d$/, '');

describe('a misconfiguration that was measured in three browsers', () => {
  it('exists 59 times', () => {
    expect(cases).toHaveLength(59);
  });

  describe.each(cases.map((one) => [one.id, one] as const))('%s', (_id, misconfiguration) => {
    const { chromium, firefox, webkit } = misconfiguration.browserVerdict;
    const verdicts = judgeAll(misconfiguration);
    const verdict = verdicts.at(-1) as Verdict;
    const { browsers } = verdict;

    it('is judged as readable or not', () => {
      const { readable } = verdict;
      expect([readable, readable, readable]).toEqual([chromium.readable, firefox.readable, webkit.readable]);
    });

    it('fails at the step that the data names', () => {
      expect(whereOf(misconfiguration, verdicts)).toBe(misconfiguration.where);
    });

    it('is preflighted if Chromium preflighted it', () => {
      expect(preflightOf(requestOf(misconfiguration)) !== undefined).toBe(misconfiguration.request.preflighted);
    });

    it('has the name and the parameter of Chromium', () => {
      expect(browsers.chromium.name).toBe(chromium.error);
      if (chromium.error === 'HeaderDisallowedByPreflightResponse') {
        expect(verdict.refusedHeaders).toContain(browsers.chromium.parameter);
        expect(verdict.refusedHeaders).toContain(chromium.parameter);
      } else {
        // The data leaves an empty parameter out.
        expect(browsers.chromium.parameter || undefined).toBe(chromium.parameter);
      }
    });

    it('has the category of Firefox', () => {
      const warning = verdict.authorizationUnderWildcard ? ENGINE_FACTS.firefox.authorizationWarning : undefined;
      expect([browsers.firefox.name ?? warning]).toEqual([withoutDigit(firefox.keys?.[0])]);
      expect(firefox.keys?.length ?? 0).toBeLessThanOrEqual(1);
    });

    it('has the label and the parameter of WebKit', () => {
      expect(browsers.webkit.name ?? 'none').toBe(webkit.label);
      if (webkit.parameter !== undefined) {
        expect(browsers.webkit.parameter).toBe(webkit.parameter);
      }
      if (webkit.status !== undefined) {
        expect(verdict.status).toBe(webkit.status);
      }
    });

    it('raises the warning of Chromium', () => {
      const warning = verdict.authorizationUnderWildcard ? ENGINE_FACTS.chromium.authorizationWarning : undefined;
      expect(warning).toBe(chromium.warning);
    });

    it('shows the page the response header that it reads, or hides it', () => {
      const { reads } = misconfiguration.request;
      const response = responseOf(misconfiguration.reproduce.actual);
      if (reads !== undefined && response !== 'connection-failed') {
        const hidden = chromium.detail.endsWith('header=null');
        expect(readableHeaders(requestOf(misconfiguration), response).includes(reads)).toBe(!hidden);
      }
    });
  });
});
