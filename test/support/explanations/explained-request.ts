import { expect } from '@jest/globals';
import { type CorsExplanation, type CorsExplanationRequest, CorsService } from 'nestjs-cors';
import { pickCorsHeaders } from '../cors-headers.js';
import type { RawResponse } from '../requests/http-message.js';
import type { RunningApp } from '../start-app.js';

/** Headers of a connection, which no application decides. */
const CONNECTION_HEADERS = new Set(['connection', 'date', 'keep-alive']);

/** What a server answered to the requests of a browser. */
export interface SentRequest {
  /** `undefined` if no preflight was due. */
  readonly preflight: RawResponse | undefined;
  readonly response: RawResponse;
}

/**
 * Explains a request, sends it and its preflight, and compares every status and header. The request is sent even if the
 * preflight is refused, because the explanation has its answer too.
 */
export async function explainAndSend(
  running: RunningApp,
  request: CorsExplanationRequest,
): Promise<SentRequest & { readonly explanation: CorsExplanation }> {
  const explanation = await running.app.get(CorsService).explain(request);
  const sent = await send(running, request, explanation.preflight.needed);
  expect(answersIn(explanation)).toEqual(answersOf(sent, explanation));
  return { explanation, ...sent };
}

/** Sends what a browser sends, with every header named in the preflight. */
async function send(
  running: RunningApp,
  request: CorsExplanationRequest,
  isPreflighted: boolean,
): Promise<SentRequest> {
  const { origin, url, method = 'GET', host } = request;
  const common = { Origin: origin, ...(host === undefined ? {} : { Host: host }) };
  const sent = Array.isArray(request.headers)
    ? Object.fromEntries(request.headers.map((name: string) => [name, '']))
    : ((request.headers ?? {}) as Record<string, string>);
  const names = Object.keys(sent).map((name) => name.toLowerCase());
  const unsafe = names.filter((name) => name !== 'accept' || sent[name] === ''); // tests write safe values
  const preflight = isPreflighted
    ? await running.request({
        method: 'OPTIONS',
        path: url,
        headers: {
          ...common,
          'Access-Control-Request-Method': method,
          'Access-Control-Request-Headers': unsafe.length === 0 ? undefined : unsafe.sort().join(','),
        },
      })
    : undefined;
  return { preflight, response: await running.request({ method, path: url, headers: { ...common, ...sent } }) };
}

function answersIn({ preflight, response }: CorsExplanation): unknown {
  return {
    status: preflight.status,
    headers: preflight.headers,
    response: pickCorsHeaders(Object.entries(response.headers)),
  };
}

/** The same of the answers that were sent. An explanation says nothing about a preflight that the platform answers. */
function answersOf({ preflight, response }: SentRequest, { preflight: { status } }: CorsExplanation): unknown {
  const lines = status === undefined ? [] : (preflight?.headerLines ?? []);
  const headers = lines.map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: status === undefined ? undefined : preflight?.status,
    headers: Object.fromEntries(headers.filter(([name = '']) => !CONNECTION_HEADERS.has(name))),
    response: pickCorsHeaders(response.headerLines),
  };
}
