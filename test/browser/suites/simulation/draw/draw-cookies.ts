import type { Random } from '../../../../attack/draw/random.js';
import type { CaseRequest, Endpoint, HeaderLine, ScriptedResponse } from '../case.js';
import { type CaseParts, drawEndpoint, drawPlace } from './draw-case.js';
import { drawRequest } from './draw-request.js';
import { chance, weighted } from './weighted.js';

/** Cookies that a first response sets, and requests that may send them. Names contain the case's name. */
export function drawCookieCase(random: Random, id: string): CaseParts {
  const place = drawPlace(random);
  const setting: CaseRequest = { to: 'a', fragment: '', method: 'GET', headers: [], credentials: 'include' };
  const keys = ['a', 'b', 'c'];
  const requests = [
    setting,
    ...random.list(1, 3, () => {
      const mode = chance(random, 12) ? 'no-cors' : 'cors';
      const request = drawRequest(random, { to: random.pick(keys), mode, unusual: 3 });
      return chance(random, 80) ? { ...request, credentials: 'include' as const } : request;
    }),
  ];
  const endpoints = keys.map((key): Endpoint => {
    const endpoint = drawEndpoint(random, key, requests, chance(random, 15));
    const isNear = key !== 'c' && chance(random, 75);
    const named = isNear && place !== 'closed' ? { ...endpoint, place } : endpoint;
    const { response } = named;
    const sets = key === 'a' || chance(random, 25);
    return response === 'reset' || !sets ? named : { ...named, response: setsCookies(random, id, response) };
  });
  return { requests, endpoints };
}

function setsCookies(random: Random, id: string, response: ScriptedResponse): ScriptedResponse {
  const cookies = random.list(1, 4, (): HeaderLine => ['set-cookie', drawCookie(random, id)]);
  return { ...response, headers: [...response.headers, ...cookies] };
}

function drawCookie(random: Random, id: string): string {
  const prefix = chance(random, 8) ? random.pick(['__Host-', '__Secure-', '__host-']) : '';
  const name = `${prefix}${id}-${random.pick(['m', 'n', 'o'])}`;
  const sameSite = weighted(random, [
    [3, '; SameSite=None; Secure'],
    [1, '; SameSite=None'],
    [2, '; SameSite=Lax'],
    [2, '; samesite=strict'],
    [3, ''],
    [1, '; SameSite=Unknown'],
    [1, '; Secure'],
  ]);
  const path = weighted(random, [
    [4, '; Path=/'],
    [3, ''],
    [1, `; Path=/${id}`],
    [1, `; path=/${id}/b`],
    [1, '; Path=/other'],
    [1, '; Path=relative'],
  ]);
  const domain = weighted(random, [
    [8, ''],
    [2, '; Domain={site}'],
    [1, '; Domain=.{site}'],
    [1, '; Domain=elsewhere.{site}'],
    [1, '; Domain=another.example'],
  ]);
  const life = weighted(random, [
    [8, ''],
    [1, '; Max-Age=600'],
    [1, '; Max-Age=0'],
    [1, '; Max-Age=-1'],
    [1, '; Expires=Wed, 21 Oct 2015 07:28:00 GMT'],
    [1, '; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Max-Age=0'],
  ]);
  const httpOnly = chance(random, 20) ? '; HttpOnly' : '';
  return `${name}=${random.pick(['1', '2', 'a b', '"q"', ''])}${path}${domain}${life}${httpOnly}${sameSite}`;
}
