import type { Difference } from './row.js';

/**
 * Where a browser departs from what is claimed, which is what the Fetch standard says. An entry is asserted like any
 * row: a difference that is not declared fails, and so does one that is gone.
 */
export const DIFFERENCES: readonly Difference[] = Object.freeze([
  {
    browser: 'chromium',
    rows: ['preflight cache: with one policy on the URL, methods take turns'],
    arrives: [
      'preflight GET (authorization,x-trace)',
      'GET read with authorization',
      'preflight PUT (x-trace)',
      'PUT replace',
      'preflight GET (authorization,x-trace)',
      'GET read with authorization',
      'preflight PUT (x-trace)',
      'PUT replace',
    ],
    why: 'Chromium keeps one preflight answer per URL, which the next one replaces, where the standard has them add up.',
  },
  {
    browser: 'webkit',
    rows: ['preflight cache: with one policy on the URL, methods take turns'],
    arrives: [
      'preflight GET (authorization,x-trace)',
      'GET read with authorization',
      'preflight PUT (x-trace)',
      'PUT replace',
      'preflight GET (authorization,x-trace)',
      'GET read with authorization',
      'preflight PUT (x-trace)',
      'PUT replace',
    ],
    why: 'WebKit keeps one preflight answer per URL, as Chromium does.',
  },
  {
    browser: 'firefox',
    rows: ['redirects: a PUT to another origin, where everybody is allowed'],
    arrives: ['preflight PUT', 'PUT redirectPut', 'preflight PUT', 'PUT replace from null'],
    why: "After a redirect to another origin Firefox sends the preflight with the page's origin, the request with null.",
  },
  {
    browser: 'firefox',
    rows: ['redirects: a PUT to another origin, where the page is allowed by name'],
    arrives: ['preflight PUT', 'PUT redirectPut', 'preflight PUT', 'PUT replace from null'],
    why: 'For the same reason the PUT is allowed in advance and carried out, and only its answer is kept from the page.',
  },
  {
    browser: 'firefox',
    rows: [
      'redirects: Authorization does not follow to another origin',
      'redirects: Authorization does not follow to another origin, even where it is allowed',
    ],
    arrives: [
      'preflight GET (authorization)',
      'GET redirectAuthorized with authorization',
      'preflight GET',
      'GET read from null',
    ],
    why: 'Firefox asks again after a redirect of a preflighted request, although nothing is left to ask for.',
  },
  {
    browser: 'webkit',
    rows: ['redirects: Authorization does not follow to another origin'],
    reads: 'blocked',
    arrives: [
      'preflight GET (authorization)',
      'GET redirectAuthorized with authorization',
      'preflight GET (authorization) from null',
    ],
    why: 'After a redirect to another origin WebKit asks for Authorization, which it would not send, and is refused.',
  },
  {
    browser: 'webkit',
    rows: ['redirects: Authorization does not follow to another origin, even where it is allowed'],
    arrives: [
      'preflight GET (authorization)',
      'GET redirectAuthorized with authorization',
      'preflight GET (authorization) from null',
      'GET read from null',
    ],
    why: 'Where it is allowed, WebKit asks for Authorization and then sends the request without it.',
  },
  {
    browser: 'webkit',
    rows: /^origins: \w+ from otherScheme under /,
    where: ({ scheme }) => scheme === 'http',
    reads: 'blocked',
    arrives: [],
    why: 'From a secure page WebKit sends nothing over http, not even to a name below localhost.',
  },
  {
    browser: 'webkit',
    rows: [
      'credentials: a cookie is sent and the answer read, from app',
      'credentials: another subdomain of the site sends the cookie, but does not read',
    ],
    arrives: ['GET read'],
    why: 'Below localhost WebKit takes every host for a site of its own, and keeps and sends no cookies across sites.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: a preflight has none, the request has, from app'],
    arrives: ['preflight PUT', 'PUT replace'],
    why: 'Without cookies across sites, as above.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: sent to a policy without them, the answer is not read, from app'],
    arrives: ['GET readWithout'],
    why: 'Without cookies across sites, as above.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: sent to a public resource, the answer is not read, from app'],
    arrives: ['GET readPublic'],
    why: 'Without cookies across sites, as above.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: any header that is named is allowed, from app'],
    arrives: ['preflight GET (x-anything)', 'GET readAnyHeader'],
    why: 'Without cookies across sites, as above.',
  },
  {
    browser: 'webkit',
    rows: ['sample: signed-in from app'],
    reads: 'read 401',
    why: 'The cookie of the sample, whose page and API are two sites, is one across sites too.',
  },
]);
