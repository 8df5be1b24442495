import type { Random } from '../../../../attack/draw/random.js';
import type { Endpoint, PageKind, PlaceName, SimulationCase } from '../case.js';
import { drawPreflight, drawResponse } from './draw-answers.js';
import { drawCookieCase } from './draw-cookies.js';
import { drawRedirectCase } from './draw-redirects.js';
import { drawRequest } from './draw-request.js';
import { chance, weighted } from './weighted.js';

/** What a topic draws. */
export type CaseParts = Pick<SimulationCase, 'endpoints' | 'requests'>;

const TOPICS = {
  request: drawSingleCase,
  redirect: drawRedirectCase,
  cache: drawCacheCase,
  cookies: drawCookieCase,
  embed: drawEmbedCase,
  'same-origin': drawSameOriginCase,
} satisfies Record<string, (random: Random, id: string) => CaseParts>;

/** Draws one case. A generator in the same state draws the same one. */
export function drawCase(random: Random, id: string, page: PageKind): SimulationCase {
  const topic = weighted<keyof typeof TOPICS>(random, [
    [42, 'request'],
    [22, 'redirect'],
    [12, 'cache'],
    [12, 'cookies'],
    [8, 'embed'],
    [4, 'same-origin'],
  ]);
  return { id, topic, page, ...TOPICS[topic](random, id) };
}

export function drawPlace(random: Random): PlaceName {
  return weighted<PlaceName>(random, [
    [50, 'api'],
    [25, 'otherSite'],
    [8, 'own'],
    [5, 'otherPort'],
    [8, 'otherScheme'],
    [7, 'apiOtherScheme'],
    [1, 'closed'],
  ]);
}

/** One request. */
function drawSingleCase(random: Random): CaseParts {
  const request = drawRequest(random, { to: 'a', mode: 'cors', unusual: 12 });
  return { requests: [request], endpoints: [drawEndpoint(random, 'a', [request], chance(random, 75))] };
}

/** Several requests to one URL, so that one preflight may serve several of them. */
function drawCacheCase(random: Random): CaseParts {
  if (chance(random, 25)) {
    return drawRepetition(random);
  }
  const unusual = chance(random, 30) ? 8 : 0;
  const requests = random.list(2, 4, () => {
    const request = drawRequest(random, { to: 'a', mode: 'cors', unusual });
    return chance(random, 70) && request.method === 'GET' ? { ...request, method: 'PUT' } : request;
  });
  const repeated = chance(random, 40) ? [...requests.slice(0, 2), ...requests.slice(0, 2)] : requests;
  return { requests: repeated, endpoints: [drawEndpoint(random, 'a', repeated, chance(random, 40))] };
}

/** The same request twice, with a preflight that passes. */
function drawRepetition(random: Random): CaseParts {
  const request = {
    ...drawRequest(random, { to: 'a', mode: 'cors', unusual: 0 }),
    method: random.pick(['PUT', 'DELETE']),
  };
  const requests = [request, request];
  return { requests, endpoints: [drawEndpoint(random, 'a', requests, false)] };
}

/** `no-cors`, as images and scripts are fetched. */
function drawEmbedCase(random: Random): CaseParts {
  const request = drawRequest(random, { to: 'a', mode: 'no-cors', unusual: 10 });
  return { requests: [request], endpoints: [drawEndpoint(random, 'a', [request], true)] };
}

function drawSameOriginCase(random: Random): CaseParts {
  const request = drawRequest(random, { to: 'a', mode: 'same-origin', unusual: 10 });
  const place = random.pick<PlaceName>(['own', 'own', 'own', 'api', 'otherPort', 'otherSite']);
  return { requests: [request], endpoints: [{ ...drawEndpoint(random, 'a', [request], true), place }] };
}

export function drawEndpoint(
  random: Random,
  key: string,
  requests: SimulationCase['requests'],
  mayFail: boolean,
): Endpoint {
  const wish = { requests, mayFail };
  return {
    key,
    place: drawPlace(random),
    preflight: drawPreflight(random, wish),
    response: drawResponse(random, wish),
  };
}
