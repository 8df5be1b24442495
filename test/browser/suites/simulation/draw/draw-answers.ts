import type { Random } from '../../../../attack/draw/random.js';
import type { Answer, CaseRequest, HeaderLine, ScriptedResponse } from '../case.js';
import { exposedHeaders, lines, ordinaryHeaders } from './response-headers.js';
import { chance, weighted } from './weighted.js';

/** What the answers of one endpoint are drawn for. */
export interface AnswerWish {
  /** The requests that lead here, also through redirects. */
  readonly requests: readonly CaseRequest[];
  /** Whether one thing may be wrong. */
  readonly mayFail: boolean;
}

const METHODS = 'GET, PUT, DELETE, PATCH, HEAD, OPTIONS, patch, PROPFIND';
const HEADERS = 'x-a, x-b, content-type, authorization, cache-control, pragma, if-none-match, range, accept-language';

/** The answer to the actual request. */
export function drawResponse(random: Random, { requests, mayFail }: AnswerWish): Answer {
  if (mayFail && chance(random, 4)) {
    return 'reset';
  }
  const status = weighted(random, [
    [60, 200],
    [4, 201],
    [3, 203],
    [3, 204],
    [1, 205],
    [2, 304],
    [4, 400],
    [3, 403],
    [4, 404],
    [2, 422],
    [5, 500],
    [2, 503],
    [1, 299],
  ]);
  const credentials = requests.some((request) => request.credentials === 'include');
  return {
    status,
    statusText: weighted(random, [
      [8, 'OK'],
      [1, 'Fine, thanks'],
      [1, ''],
    ]),
    headers: [
      ...accessHeaders(random, credentials, mayFail && chance(random, 45)),
      ...exposedHeaders(random),
      ...ordinaryHeaders(random),
    ],
    body: [204, 205, 304].includes(status) ? '' : random.pick(['hello', '{"a":1}', '', 'grüße']),
  };
}

/** The answer to a preflight. */
export function drawPreflight(random: Random, { requests, mayFail }: AnswerWish): Answer {
  const credentials = requests.some((request) => request.credentials === 'include');
  const fault = mayFail && chance(random, 60) ? drawPreflightFault(random) : undefined;
  if (fault === 'reset') {
    return 'reset';
  }
  const status = weighted(random, [
    [6, 204],
    [3, 200],
    [1, 299],
  ]);
  const response: ScriptedResponse = {
    status: fault === 'status' ? random.pick([404, 405, 401, 500, 304, 199 + 101]) : status,
    statusText: 'OK',
    headers: [
      ...accessHeaders(random, credentials, fault === 'access'),
      ...lines('access-control-allow-methods', methods(random, requests, credentials, fault === 'methods')),
      ...lines('access-control-allow-headers', headers(random, requests, credentials, fault === 'headers')),
      ...maxAge(random),
    ],
    body: '',
  };
  return fault === 'redirect'
    ? { ...response, status: random.pick([301, 302, 307, 308]), headers: [...response.headers, ['location', '/x']] }
    : response;
}

function drawPreflightFault(random: Random) {
  return weighted<'access' | 'status' | 'redirect' | 'methods' | 'headers' | 'reset'>(random, [
    [10, 'access'],
    [2, 'status'],
    [1, 'redirect'],
    [6, 'methods'],
    [7, 'headers'],
    [1, 'reset'],
  ]);
}

/** Access-Control-Allow-Origin and -Credentials. */
function accessHeaders(random: Random, credentials: boolean, isWrong: boolean): HeaderLine[] {
  const origin = credentials
    ? '{origin}'
    : weighted(random, [
        [5, '{origin}'],
        [4, '{page}'],
        [4, '*'],
      ]);
  const allowed = credentials || chance(random, 20) ? 'true' : undefined;
  if (!isWrong) {
    return [...lines('access-control-allow-origin', [origin]), ...lines('access-control-allow-credentials', [allowed])];
  }
  if (credentials && chance(random, 40)) {
    const wrong = random.pick([undefined, 'True', 'false', '', 'true, true', '1', 'true ']);
    return [...lines('access-control-allow-origin', [origin]), ...lines('access-control-allow-credentials', [wrong])];
  }
  return [
    ...lines('access-control-allow-origin', wrongOrigins(random, credentials)),
    ...lines('access-control-allow-credentials', [allowed]),
  ];
}

function wrongOrigins(random: Random, credentials: boolean): readonly (string | undefined)[] {
  return weighted<readonly (string | undefined)[]>(random, [
    [5, []],
    [credentials ? 5 : 2, ['*']],
    [1, ['{page}', '{page}']],
    [1, ['{page}', '*']],
    [1, ['{page}, https://b.example']],
    [1, ['*, *']],
    [1, ['{page} https://b.example']],
    [1, ['']],
    [1, ['app.example']],
    [1, ['any']],
    [1, ['null']],
    [1, ['{page}/']],
    [1, ['https://another.example']],
    [1, ['{page}0']],
    [1, ['HTTP://APP.EXAMPLE']],
    [1, ['http://*.example']],
  ]);
}

function methods(
  random: Random,
  requests: readonly CaseRequest[],
  credentials: boolean,
  isWrong: boolean,
): readonly (string | undefined)[] {
  if (isWrong) {
    return weighted<readonly (string | undefined)[]>(random, [
      [3, [undefined]],
      [2, ['GET, POST']],
      [1, ['put, delete']],
      [1, ['*']],
      [1, ['PUT DELETE']],
      [1, ['PUT, a/b']],
      [1, ['"PUT"']],
      [1, ['']],
    ]);
  }
  const used = requests.map(({ method }) => method.toUpperCase());
  return weighted<readonly string[]>(random, [
    [4, [METHODS]],
    [2, [used.join(',')]],
    [1, ['GET', METHODS]],
    [1, [`,${METHODS},,`]],
    [credentials ? 0 : 2, ['*']],
    [1, ['PUT , DELETE\t,PATCH, PROPFIND']],
  ]);
}

function headers(
  random: Random,
  requests: readonly CaseRequest[],
  credentials: boolean,
  isWrong: boolean,
): readonly (string | undefined)[] {
  if (isWrong) {
    return weighted<readonly (string | undefined)[]>(random, [
      [3, [undefined]],
      [2, ['x-other']],
      [1, ['x-a']],
      [1, ['*']],
      [1, ['x-a x-b']],
      [1, ['x-a, b/c']],
      [1, ['"x-a"']],
      [1, ['']],
    ]);
  }
  const used = requests.flatMap((request) => request.headers.map(([name]) => name));
  return weighted<readonly (string | undefined)[]>(random, [
    [4, [HEADERS]],
    [3, ['{asked}']],
    [1, [used.join(', ').toUpperCase()]],
    [1, ['x-a', HEADERS]],
    [credentials ? 0 : 2, ['*']],
    [used.length === 0 ? 2 : 0, [undefined]],
  ]);
}

function maxAge(random: Random): HeaderLine[] {
  return lines('access-control-max-age', [
    weighted(random, [
      [3, undefined],
      [2, '0'],
      [3, '600'],
      [1, '86400'],
      [1, '-1'],
    ]),
  ]);
}
