import type { HttpResponse } from '../../../src/browser/http-response.js';
import type { PageRequest } from '../../../src/browser/page-request.js';

export const PAGE = 'https://app.example.com';
export const API = 'https://api.example.com/orders';

/** A request from the page to the API: a simple GET without credentials, except for what a test changes. */
export function request(changes: Partial<PageRequest> = {}): PageRequest {
  return { origin: PAGE, url: API, method: 'GET', headers: [], credentials: false, mode: 'cors', ...changes };
}

/** A response. A list of values becomes several lines. */
export function response(headers: Readonly<Record<string, string | readonly string[]>>, status = 200): HttpResponse {
  const lines = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })));
  return { status, headers: lines };
}

export const ALLOWED = response({ 'Access-Control-Allow-Origin': PAGE, 'Access-Control-Allow-Credentials': 'true' });
