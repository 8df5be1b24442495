import type { RawResponse } from './requests/http-message.js';

/** Header values by lower-case name; a list if the header has several lines. */
export type CorsHeaders = Record<string, string | string[]>;

const OTHER_NAMES = new Set(['vary', 'cors-decision', 'timing-allow-origin', 'cross-origin-resource-policy']);

function isCorsHeader(name: string): boolean {
  return name.startsWith('access-control-') || OTHER_NAMES.has(name);
}

/** Picks exactly the headers about CORS, so that a test can compare them all. */
export function pickCorsHeaders(lines: Iterable<readonly [string, string]>): CorsHeaders {
  const headers: CorsHeaders = {};
  for (const [line, value] of lines) {
    const name = line.toLowerCase();
    if (!isCorsHeader(name)) {
      continue;
    }
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return headers;
}

/** All headers about CORS and embedding, `Vary` and `cors-decision` of a response, as an exact object. */
export function corsHeaders(response: Pick<RawResponse, 'headerLines'>): CorsHeaders {
  return pickCorsHeaders(response.headerLines);
}
