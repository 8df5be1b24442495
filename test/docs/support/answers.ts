import { type CorsHeaders, corsHeaders } from '../../support/cors-headers.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import { type RunningApp } from '../../support/start-app.js';

/** The columns of a table of responses. */
export const ANSWER_COLUMNS: readonly string[] = Object.freeze(['page on', 'request', 'answer']);

/**
 * Sends the request of one row of such a table, and returns the response in the words of the table.
 *
 * @param origin the first cell: an origin in code, or `no origin`
 * @param request the second cell: `` `GET /orders` ``, or `` preflight for `DELETE /orders/7` with `authorization` ``
 */
export async function answerTo(app: RunningApp, origin: string, request: string): Promise<string> {
  const [target = '', ...names] = [...request.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);
  const [method = '', path = ''] = target.split(' ');
  const sender = /^`(.+)`$/.exec(origin)?.[1];
  if (!request.startsWith('preflight for ')) {
    const { status, headers } = await send(app, { method, path, headers: { Origin: sender } });
    const readable = ['*', sender].includes(one(headers, 'access-control-allow-origin'));
    return `${status}, ${readable ? 'readable' : 'not readable'}${credentials(headers)}`;
  }
  const { status, headers } = await send(app, {
    method: 'OPTIONS',
    path,
    headers: {
      Origin: sender,
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': names.length > 0 ? [...names].sort().join(',') : undefined,
    },
  });
  const listed = (name: string) => (one(headers, name) ?? '').split(',').map((entry) => entry.trim());
  const allowedNames = listed('access-control-allow-headers').map((name) => name.toLowerCase());
  const allowed =
    ['*', sender].includes(one(headers, 'access-control-allow-origin')) &&
    listed('access-control-allow-methods').includes(method) &&
    names.every((name) => allowedNames.includes(name));
  if (allowed) {
    return `${status}, allowed${credentials(headers)}`;
  }
  const silent = !Object.keys(headers).some((name) => name.startsWith('access-control-'));
  return `${status}, ${silent ? 'refused' : 'blocked'}`;
}

async function send(app: RunningApp, request: RawRequest): Promise<{ status: number; headers: CorsHeaders }> {
  const response = await app.request(request);
  return { status: response.status, headers: corsHeaders(response) };
}

function one(headers: CorsHeaders, name: string): string | undefined {
  return headers[name] === undefined ? undefined : String(headers[name]);
}

function credentials(headers: CorsHeaders): string {
  return one(headers, 'access-control-allow-credentials') === 'true' ? ' with credentials' : '';
}
