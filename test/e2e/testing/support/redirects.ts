import type { Answer } from './scripted-server.js';

/** `/308?to=URL` redirects there, other paths answer. Both allow the origin of the request everything. */
export const answerRedirects: Answer = (response, { url, headers, method }) => {
  const sent = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const status = method === 'OPTIONS' ? 204 : Number(/^\/(\d+)/.exec(pathname)?.[1] ?? 200);
  const to = searchParams.get('to');
  response.writeHead(status, {
    'access-control-allow-origin': sent.get('origin') ?? '*',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': sent.get('access-control-request-method') ?? '',
    'access-control-allow-headers': sent.get('access-control-request-headers') ?? '',
    'access-control-max-age': '0',
    ...(to !== null && method !== 'OPTIONS' && { location: to }),
    ...(searchParams.has('policy') && { 'referrer-policy': searchParams.get('policy') ?? '' }),
  });
  response.end(`${method} ${url}`);
};

/** The URL that {@link answerRedirects} redirects to another one. */
export function redirect(status: number, to: string, base = ''): string {
  return `${base}/${status}?to=${encodeURIComponent(to)}`;
}
