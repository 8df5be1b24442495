import type { Peer } from './child/plan.js';

export const ALLOWED = 'https://app.example.com';
export const FOREIGN = 'https://evil.example.net';

/** One request to measure. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The expected response. */
export interface Expected {
  readonly status: number;
  /** Access-Control-Allow-Origin; `undefined` if it must be absent. */
  readonly allowOrigin: string | undefined;
}

export const KINDS = [
  'GET allowed',
  'GET refused',
  'GET without Origin',
  'preflight allowed',
  'preflight refused',
  '404',
] as const;
/** `POST enforced` is for applications whose handlers serve POST and enforce. */
export type Kind = (typeof KINDS)[number] | 'POST enforced';

const PREFLIGHT = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };

/** The request of a kind to a path with a handler. */
export function exchangeOf(kind: Kind, path: string): Exchange {
  const base = { host: 'localhost', 'user-agent': 'bench', accept: '*/*' };
  switch (kind) {
    case 'GET allowed':
      return { method: 'GET', path, headers: { ...base, origin: ALLOWED } };
    case 'GET refused':
      return { method: 'GET', path, headers: { ...base, origin: FOREIGN } };
    case 'GET without Origin':
      return { method: 'GET', path, headers: base };
    case 'preflight allowed':
      return { method: 'OPTIONS', path, headers: { ...base, origin: ALLOWED, ...PREFLIGHT } };
    case 'preflight refused':
      return { method: 'OPTIONS', path, headers: { ...base, origin: FOREIGN, ...PREFLIGHT } };
    case 'POST enforced':
      return { method: 'POST', path, headers: { ...base, origin: ALLOWED, 'content-length': '0' } };
    case '404':
      return { method: 'GET', path: '/nowhere', headers: { ...base, origin: ALLOWED } };
  }
}

/** The response of a peer to a kind. Peers differ for refused origins. */
export function expectedOf(kind: Kind, peer: Peer): Expected {
  const preflight = kind.startsWith('preflight');
  const allowed = kind === 'GET allowed' || kind === 'preflight allowed' || kind === '404' || kind === 'POST enforced';
  if (peer === 'none') {
    return { status: preflight || kind === '404' ? 404 : 200, allowOrigin: undefined };
  }
  const status = kind === '404' ? 404 : kind === 'POST enforced' ? 201 : preflight ? 204 : 200;
  if (peer === 'floor') {
    return { status, allowOrigin: ALLOWED }; // constant headers for every request
  }
  const refusal = peer === 'ours' && kind === 'preflight refused' ? 403 : status;
  return { status: refusal, allowOrigin: allowed ? ALLOWED : undefined };
}

/**
 * Compares a response with the expected one.
 * @throws Error for a wrong response, so that no wrong one is timed
 */
export function checkAnswer(
  what: string,
  expected: Expected,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, unknown>> },
): void {
  const allowOrigin = answer.headers['access-control-allow-origin'];
  if (answer.status !== expected.status || allowOrigin !== expected.allowOrigin) {
    throw new Error(
      `${what}: expected ${expected.status} with Access-Control-Allow-Origin ${expected.allowOrigin}, got ` +
        `${answer.status} with ${String(allowOrigin)}.`,
    );
  }
}
