import type { Random } from '../../../../attack/draw/random.js';
import type { CaseBody, CaseRequest, HeaderLine } from '../case.js';
import { chance, weighted } from './weighted.js';

/** How a request is drawn. */
export interface RequestWish {
  readonly to: string;
  readonly mode: RequestMode;
  /** How probable each unusual part is. In percent. */
  readonly unusual: number;
}

const REFERRER_POLICIES: readonly ReferrerPolicy[] = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'origin',
  'origin-when-cross-origin',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
];
const CACHE_MODES: readonly RequestCache[] = ['no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'];
const LONG = 'a'.repeat(129);

export function drawRequest(random: Random, { to, mode, unusual }: RequestWish): CaseRequest {
  const method = drawMethod(random, mode, unusual);
  const upper = method.toUpperCase();
  const mayHaveBody = !['GET', 'HEAD'].includes(upper) || chance(random, unusual / 10);
  const body = mayHaveBody && chance(random, 70) ? drawBody(random) : undefined;
  const cache = chance(random, unusual) ? random.pick(CACHE_MODES) : undefined;
  return {
    to,
    fragment: chance(random, unusual / 2) ? random.pick(['#a', '#b']) : '',
    method,
    headers: drawHeaders(random, mode, unusual),
    ...(body && { body }),
    ...(mode !== 'cors' && { mode }),
    ...(chance(random, 55) && {
      credentials: weighted<RequestCredentials>(random, [
        [6, 'include'],
        [2, 'omit'],
        [1, 'same-origin'],
      ]),
    }),
    ...(cache && { cache }),
    ...(chance(random, unusual / 2) && { redirect: random.pick<RequestRedirect>(['manual', 'error']) }),
    ...(chance(random, unusual) && { referrerPolicy: random.pick(REFERRER_POLICIES) }),
    ...(chance(random, unusual / 2) && { referrer: random.pick(['', '{page}/other?x=1#y', 'https://b.example/']) }),
  };
}

function drawMethod(random: Random, mode: RequestMode, unusual: number): string {
  if (mode === 'no-cors') {
    return weighted(random, [
      [5, 'GET'],
      [4, 'POST'],
      [2, 'HEAD'],
      [unusual / 50, 'PUT'],
    ]);
  }
  return weighted(random, [
    [30, 'GET'],
    [20, 'POST'],
    [16, 'PUT'],
    [12, 'DELETE'],
    [8, 'PATCH'],
    [7, 'HEAD'],
    [2, 'OPTIONS'],
    [unusual / 10, 'patch'],
    [unusual / 10, 'put'],
    [unusual / 10, 'PROPFIND'],
    [unusual / 10, random.pick(['TRACE', 'CONNECT', 'a b', 'track'])],
  ]);
}

function drawBody(random: Random): CaseBody {
  return weighted<CaseBody>(random, [
    [4, { kind: 'text', text: random.pick(['hello', '{"a":1}', '', 'grüße']) }],
    [2, { kind: 'parameters', text: 'a=1&b=x%20y' }],
    [1, { kind: 'form', text: 'value' }],
    [2, { kind: 'blob', text: 'blob', type: random.pick(['', 'text/plain', 'application/json', 'image/png']) }],
    [1, { kind: 'bytes', text: 'bytes' }],
  ]);
}

function drawHeaders(random: Random, mode: RequestMode, unusual: number): HeaderLine[] {
  const common: readonly HeaderLine[] = [
    ['x-a', '1'],
    ['X-B', ' padded '],
    ['content-type', 'application/json'],
    ['Authorization', 'Bearer t'],
  ];
  const drawn = chance(random, 45) ? common.filter(() => chance(random, 40)) : [];
  const more = mode === 'no-cors' ? 1 : 2;
  return chance(random, unusual * 2) ? [...drawn, ...random.list(1, more, () => random.pick(UNUSUAL_HEADERS))] : drawn;
}

const UNUSUAL_HEADERS: readonly HeaderLine[] = [
  ['X-A', '2'],
  ['accept', 'application/json'],
  ['Accept', LONG],
  ['accept', 'a"b'],
  ['accept-language', 'de'],
  ['Accept-Language', 'de;q=0.9, en'],
  ['accept-language', 'd€'.slice(0, 1).concat('<')],
  ['content-language', 'de'],
  ['content-type', 'text/plain'],
  ['Content-Type', 'text/plain; charset=iso-8859-1'],
  ['content-type', 'TEXT/PLAIN'],
  ['content-type', 'text/plain, application/json'],
  ['content-type', `text/plain;a=${LONG}`],
  ['content-type', 'multipart/form-data; boundary=x'],
  ['content-type', ''],
  ['range', 'bytes=0-1'],
  ['Range', 'bytes=5-'],
  ['range', 'bytes=-5'],
  ['range', 'bytes=2-1'],
  ['cache-control', 'no-cache'],
  ['pragma', 'no-cache'],
  ['if-none-match', '"1"'],
  ['if-modified-since', 'Wed, 21 Oct 2015 07:28:00 GMT'],
  ['If-Match', '"1"'],
  ['cookie', 'a=1'],
  ['Origin', 'https://b.example'],
  ['sec-fetch-site', 'none'],
  ['proxy-a', '1'],
  ['x-http-method-override', 'TRACE'],
  ['X-Method-Override', 'PUT'],
  ['access-control-request-method', 'GET'],
  ['dnt', '1'],
  ['x-empty', ''],
  ['x-a', 'grüße'],
  ['X-A', 'ß'],
  ['x-a', 'a€'],
  ['a b', '1'],
  ['last-event-id', '1'],
  ['save-data', 'on'],
  ['Downlink', '1.5'],
  ['date', 'x'],
];
