import type { Random } from '../../../../attack/draw/random.js';
import type { Answer, Endpoint, HeaderLine } from '../case.js';
import { type CaseParts, drawEndpoint } from './draw-case.js';
import { drawRequest } from './draw-request.js';
import { lines } from './response-headers.js';
import { chance, weighted } from './weighted.js';

const KEYS = ['a', 'b', 'c', 'd'];

/** A request that servers redirect once to three times, over several hosts. */
export function drawRedirectCase(random: Random, id: string): CaseParts {
  const mode = weighted<RequestMode>(random, [
    [16, 'cors'],
    [2, 'no-cors'],
    [1, 'same-origin'],
  ]);
  const drawn = drawRequest(random, { to: 'a', mode, unusual: 6 });
  const first = chance(random, 6) ? { ...drawn, redirect: random.pick<RequestRedirect>(['manual', 'error']) } : drawn;
  const requests = chance(random, 15) ? [first, first] : [first];
  const hops = weighted(random, [
    [5, 1],
    [3, 2],
    [1, 3],
  ]);
  const mayFail = chance(random, 40);
  const endpoints = KEYS.slice(0, hops + 1).map((key) => drawEndpoint(random, key, requests, mayFail));
  return {
    requests,
    endpoints: endpoints.map((endpoint, index) =>
      redirecting(random, endpoint, { id, mode, key: endpoints[index + 1]?.key }),
    ),
  };
}

/** Where a redirect leads. */
interface RedirectWish {
  readonly id: string;
  readonly mode: RequestMode;
  /** Of the next endpoint, if there is one. */
  readonly key: string | undefined;
}

function redirecting(random: Random, endpoint: Endpoint, wish: RedirectWish): Endpoint {
  return wish.key === undefined ? endpoint : { ...endpoint, response: redirected(random, endpoint.response, wish) };
}

function redirected(random: Random, answer: Answer, wish: RedirectWish): Answer {
  if (answer === 'reset') {
    return answer;
  }
  const status = weighted(random, [
    [3, 301],
    [5, 302],
    [3, 303],
    [4, 307],
    [3, 308],
  ]);
  const headers: HeaderLine[] = [
    ...answer.headers,
    ...lines('location', locations(random, wish)),
    ...lines('referrer-policy', [
      chance(random, 12) ? random.pick(['no-referrer', 'unsafe-url', 'origin, same-origin', 'unknown', '']) : undefined,
    ]),
  ];
  return { ...answer, status, headers, body: '' };
}

function locations(random: Random, { id, mode, key }: RedirectWish): readonly string[] {
  return weighted<readonly string[]>(random, [
    [40, [`{to:${key}}`]],
    [3, [`{to:${key}}#new`]],
    [3, [`{to:${key}}?q=1`]],
    [2, [`x/../${key}`]],
    [1, [`./${key}`]],
    [mode === 'no-cors' ? 0 : 2, [`{user:${key}}`]],
    [1, ['http://']],
    [1, ['data:text/plain,x']],
    [2, [`ftp://files.example/${id}/`]],
    [1, ['file:///etc/hosts']],
    [1, []],
  ]);
}
