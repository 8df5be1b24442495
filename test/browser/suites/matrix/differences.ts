import type { Difference } from './row.js';

/**
 * Deviations of browsers from the Fetch standard. They are checked like rows: an undeclared difference fails, and so
 * does a declared one that is gone.
 */
export const DIFFERENCES: readonly Difference[] = Object.freeze([
  {
    browser: 'chromium',
    rows: ['preflight cache: with one policy on the URL, methods alternate'],
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
    why: 'Chromium caches one preflight answer per URL. The next one replaces it; in the standard they add up.',
  },
  {
    browser: 'webkit',
    rows: ['preflight cache: with one policy on the URL, methods alternate'],
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
    why: 'WebKit caches one preflight answer per URL, as Chromium does.',
  },
  {
    browser: 'firefox',
    rows: ['redirects: a PUT to another origin, which allows every origin'],
    arrives: ['preflight PUT', 'PUT redirectPut', 'preflight PUT', 'PUT replace from null'],
    why: "After a redirect to another origin Firefox sends the preflight with the page's origin, the request with null.",
    judged: false,
  },
  {
    browser: 'firefox',
    rows: ['redirects: a PUT to another origin, which lists the page'],
    arrives: ['preflight PUT', 'PUT redirectPut', 'preflight PUT', 'PUT replace from null'],
    why: 'For the same reason the PUT is allowed and runs, and only its response is hidden from the page.',
    judged: false,
  },
  {
    browser: 'firefox',
    rows: [
      'redirects: Authorization does not follow to another origin',
      'redirects: Authorization does not follow to another origin, even if it is allowed',
    ],
    arrives: [
      'preflight GET (authorization)',
      'GET redirectAuthorized with authorization',
      'preflight GET',
      'GET read from null',
    ],
    why: 'Firefox sends another preflight after a redirect of a preflighted request, although none is needed.',
    judged: false,
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
    why: 'After a redirect to another origin the preflight of WebKit requests Authorization, which WebKit would not send.',
    judged: false,
  },
  {
    browser: 'webkit',
    rows: ['redirects: Authorization does not follow to another origin, even if it is allowed'],
    arrives: [
      'preflight GET (authorization)',
      'GET redirectAuthorized with authorization',
      'preflight GET (authorization) from null',
      'GET read from null',
    ],
    why: 'If Authorization is allowed, WebKit requests it in the preflight and then sends the request without it.',
    judged: false,
  },
  {
    browser: 'webkit',
    rows: /^origins: \w+ from otherScheme under /,
    where: ({ scheme }) => scheme === 'http',
    reads: 'blocked',
    arrives: [],
    why: 'From a secure page WebKit sends nothing over http, not even to a name below localhost.',
    judged: false,
  },
  {
    browser: 'webkit',
    rows: [
      'credentials: the cookie is sent and the response is read, from app',
      'credentials: another subdomain of the site sends the cookie, but does not read',
    ],
    arrives: ['GET read'],
    why: 'Below localhost WebKit treats every host as a separate site, and stores and sends no cross-site cookies.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: the preflight has no cookie and the request has one, from app'],
    arrives: ['preflight PUT', 'PUT replace'],
    why: 'No cross-site cookies, as above.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: the response of a policy without credentials is not read, from app'],
    arrives: ['GET readWithout'],
    why: 'No cross-site cookies, as above.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: the response of a public resource is not read, from app'],
    arrives: ['GET readPublic'],
    why: 'No cross-site cookies, as above.',
  },
  {
    browser: 'webkit',
    rows: ['credentials: every requested header is allowed, from app'],
    arrives: ['preflight GET (x-anything)', 'GET readAnyHeader'],
    why: 'No cross-site cookies, as above.',
  },
  {
    browser: 'webkit',
    rows: ['sample: signed-in from app'],
    reads: 'read 401',
    why: 'The page and the API of the sample are two sites, so its cookie is a cross-site cookie too.',
  },
]);
