import { expect } from '@jest/globals';
import type { CorsHeaders } from './cors-headers.js';
import type { Outcome, ServedApp } from './platforms.js';
import type { RawRequest } from './requests/raw-request.js';

export const APP = 'https://app.example.com';
export const ADMIN = 'https://admin.example.com';
export const PARTNER = 'https://partner.example';
export const EVIL = 'https://evil.example';

/** The Vary of every preflight response, allowed or not. */
export const PREFLIGHT_VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';
export const REFUSED_PREFLIGHT: Outcome = { status: 403, headers: { vary: PREFLIGHT_VARY }, ran: [] };

/** A preflight for `method`, with the header names of the actual request. */
export function preflight(origin: string, method: string, path: string, names?: string): RawRequest {
  return {
    method: 'OPTIONS',
    path,
    headers: { Origin: origin, 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': names },
  };
}

/** The expected policy of one route: an allowed origin, a refused one, and the headers of each. */
export interface PolicyStatement {
  readonly method: string;
  readonly path: string;
  /** The name that the handler gives the spy; `undefined` without a handler. */
  readonly handler: string | undefined;
  readonly allows: string;
  readonly refuses: string;
  readonly credentials?: boolean;
  /** The value of `Access-Control-Expose-Headers`. */
  readonly exposes?: string;
  /** The value of `Access-Control-Max-Age`. */
  readonly maxAge?: string;
  /** Header names that the preflight requests and that are all granted. */
  readonly asks?: string;
  /** The status of the actual response. */
  readonly status?: number;
  readonly preflightStatus?: number;
  /** More header lines for the actual request, such as a version. */
  readonly sends?: Readonly<Record<string, string>>;
  /** The actual response's `Vary`. @default 'Origin' */
  readonly vary?: string;
}

interface FourOutcomes {
  readonly preflightAllowed: Outcome;
  readonly preflightRefused: Outcome;
  readonly actualAllowed: Outcome;
  readonly actualRefused: Outcome;
}

function present(entries: Record<string, string | undefined>): CorsHeaders {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as CorsHeaders;
}

/** The four outcomes of a statement, from the documented behaviour only. */
function claimed(statement: PolicyStatement): FourOutcomes {
  const credentials = statement.credentials ? 'true' : undefined;
  const vary = statement.vary ?? 'Origin';
  const status = statement.status ?? 200;
  const ran = statement.handler === undefined ? [] : [statement.handler];
  return {
    preflightAllowed: {
      status: statement.preflightStatus ?? 204,
      headers: present({
        'access-control-allow-origin': statement.allows,
        'access-control-allow-credentials': credentials,
        'access-control-allow-methods': statement.method,
        'access-control-allow-headers': statement.asks,
        'access-control-max-age': statement.maxAge,
        vary: PREFLIGHT_VARY,
      }),
      ran: [],
    },
    preflightRefused: REFUSED_PREFLIGHT,
    actualAllowed: {
      status,
      headers: present({
        'access-control-allow-origin': statement.allows,
        'access-control-allow-credentials': credentials,
        'access-control-expose-headers': statement.exposes,
        vary,
      }),
      ran,
    },
    actualRefused: { status, headers: { vary }, ran },
  };
}

/** Sends a preflight and an actual request from an allowed and a refused origin and compares all four exactly. */
export async function expectPolicy(server: ServedApp, statement: PolicyStatement): Promise<void> {
  const { method, path, asks, allows, refuses } = statement;
  const actual = (origin: string): RawRequest => ({ method, path, headers: { Origin: origin, ...statement.sends } });
  const outcomes: FourOutcomes = {
    preflightAllowed: await server.outcome(preflight(allows, method, path, asks)),
    preflightRefused: await server.outcome(preflight(refuses, method, path, asks)),
    actualAllowed: await server.outcome(actual(allows)),
    actualRefused: await server.outcome(actual(refuses)),
  };
  expect(outcomes).toEqual(claimed(statement));
}

/**
 * Expects a route without cross-origin access: preflights are refused, and responses have no CORS headers and no
 * `Vary`.
 */
export async function expectDisabled(
  server: ServedApp,
  route: { method: string; path: string; handler: string; origin: string; status?: number },
): Promise<void> {
  const { method, path, handler, origin } = route;
  const outcomes = {
    preflight: await server.outcome(preflight(origin, method, path)),
    actual: await server.outcome({ method, path, headers: { Origin: origin } }),
    withoutOrigin: await server.outcome({ method, path }),
  };
  const bare: Outcome = { status: route.status ?? 200, headers: {}, ran: [handler] };
  expect(outcomes).toEqual({ preflight: REFUSED_PREFLIGHT, actual: bare, withoutOrigin: bare });
}

/** Expects a refused preflight. The response gives no reason. */
export async function expectRefusedPreflight(
  server: ServedApp,
  origin: string,
  method: string,
  path: string,
  names?: string,
): Promise<void> {
  expect(await server.outcome(preflight(origin, method, path, names))).toEqual(REFUSED_PREFLIGHT);
}
