import { type CorsHeaders, corsHeaders } from '../../support/cors-headers.js';
import { PREFLIGHT_VARY } from '../../support/policy-statement.js';
import type { RawResponse } from '../../support/requests/http-message.js';

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sorted(headers: CorsHeaders): [string, unknown][] {
  return Object.entries(headers).sort(([one], [other]) => (one < other ? -1 : 1));
}

/**
 * A response to an origin in words. Only the exact headers of the contract have words. Any other response is printed as
 * it is, so that no comparison misses it.
 */
export function inWords(response: RawResponse, origin: string, method: string): string {
  const headers = corsHeaders(response);
  const known: [string, number, CorsHeaders][] = [
    ['403, no `Access-Control-*`', 403, { vary: PREFLIGHT_VARY }],
    [
      '204, allowed',
      204,
      { 'access-control-allow-methods': method, 'access-control-allow-origin': origin, vary: PREFLIGHT_VARY },
    ],
    ['200, no `Access-Control-*`', 200, { vary: 'Origin' }],
    ['200, allowed', 200, { 'access-control-allow-origin': origin, vary: 'Origin' }],
  ];
  const match = known.find(
    ([, status, expected]) => status === response.status && same(sorted(headers), sorted(expected)),
  );
  return match === undefined ? `${response.status} ${JSON.stringify(headers)}` : match[0];
}

/** Merges equal neighbours: `403, then 204`. */
export function inOrder(words: readonly string[]): string {
  return words.filter((word, index) => word !== words[index - 1]).join('; then ');
}
