import { expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { describePlatforms } from '../../support/platforms.js';
import { ALLOWED, optionsOf, printedCode, warningAbout, whatPagesCanDo } from './replaced-call.js';

const APP = 'https://app.example.com';
const ADMIN = 'https://admin.example.com';

type Callback = (error: Error | null, allow?: unknown) => void;

const answer = (callback: Callback, origin: string) => callback(null, ALLOWED.includes(origin));

/** Options whose translation means exactly the same to browsers. */
const SAME: Readonly<Record<string, unknown>> = {
  'no options': undefined,
  true: true,
  'empty options': {},
  "origin: '*'": { origin: '*' },
  'origin: true': { origin: true },
  'origin: false': { origin: false, credentials: true },
  "origin: '*' with credentials": { origin: '*', credentials: true, exposedHeaders: '*' },
  'one origin': { origin: APP },
  'one origin with credentials': { origin: APP, credentials: true },
  'a list': { origin: [APP, ADMIN], credentials: true, maxAge: 600, exposedHeaders: ['X-Total'] },
  'a nested list': { origin: [APP, [ADMIN]] },
  'a list with an undefined entry': { origin: [APP, undefined] },
  'a list with true': { origin: [APP, true] },
  'an empty list': { origin: [] },
  'a list that no page can match': {
    origin: [`${APP}/`, 'https://*.example.com', 'app.example.com', 'HTTPS://ADMIN.example.com'],
  },
  'an origin with a trailing slash': { origin: `${APP}/` },
  'an origin with a path': { origin: `${APP}/api` },
  'two origins in one text': { origin: `${APP}, ${ADMIN}` },
  'http: with credentials': { origin: ['http://app.example.com', 'http://localhost:3000'], credentials: true },
  'methods in a text': { methods: 'GET, PUT,DELETE' },
  'methods in a list with commas': { methods: ['GET,PUT', 'DELETE'] },
  'no method': { methods: [] },
  'an empty text of methods': { methods: '' },
  'every method': { methods: '*' },
  'methods in lower case': { methods: ['get', 'put', 'DELETE'] },
  'methods that cannot be read': { methods: 'GET PUT' },
  'headers in a text': { allowedHeaders: 'Content-Type, X-A,X-B' },
  'headers with forbidden names': { allowedHeaders: ['Origin', 'Cookie', 'X-A', 'Access-Control-Allow-Origin'] },
  'no header': { allowedHeaders: [] },
  'headers that cannot be read': { allowedHeaders: 'X-A: 1' },
  'every header and authorization': { allowedHeaders: ['*', 'Authorization'] },
  'exposed headers in a text': { exposedHeaders: 'X-Total, Set-Cookie' },
  'every exposed header': { exposedHeaders: '*' },
  'exposed headers that cannot be read': { exposedHeaders: 'X Total' },
  'maxAge as text': { maxAge: '600' },
  'maxAge 0': { maxAge: 0 },
  'maxAge below 0': { maxAge: -1 },
  'maxAge above the limit': { maxAge: 31536000 },
  'maxAge that is no number': { maxAge: '10m' },
  'status 200': { optionsSuccessStatus: 200 },
  'status as text': { optionsSuccessStatus: '200' },
  'status 404': { optionsSuccessStatus: 404 },
  'hidden options route': { hideOptionsRoute: false, logLevel: 'warn' },
  'preflights that are not strict': { strictPreflight: false },
  'a cache for preflights': { cacheControl: 60 },
  'unknown options': { origins: [APP], allowHeaders: ['X-A'] },
  'an expression': { origin: /^https:\/\/(app|admin)\.example\.com$/ },
  'an expression that matches every origin': { origin: /.*/ },
  'an expression that matches every secure site': { origin: /^https:\/\/[a-z.]+$/ },
  'an expression that matches every site': { origin: /^https?:\/\/.+/ },
  'a list with an expression': { origin: [APP, /^http:\/\/localhost:\d+$/], credentials: true },
  'an expression for a host alone': { origin: /^app\.example\.com$/ },
  'an expression with a trailing slash': { origin: /^https:\/\/app\.example\.com\/$/ },
  'a callback': { origin: (origin: string, callback: Callback) => callback(null, ALLOWED.includes(origin)) },
  'a callback that reports an error': {
    origin: (origin: string, callback: Callback) => {
      if (ALLOWED.includes(origin)) {
        callback(null, true);
      } else {
        callback(new Error('Not allowed by CORS'));
      }
    },
  },
};

/** Options whose translation allows less, as the warning says. */
const NARROWER: Readonly<Record<string, readonly [options: unknown, note: RegExp]>> = {
  'origin: true with credentials': [{ origin: true, credentials: true }, /has no translation.*every website/],
  'an object as origin, with credentials': [{ origin: new URL(APP), credentials: true }, /counts as true there/],
  "'null' in a list": [{ origin: [APP, 'null'] }, /'null': no page that may be allowed/],
  "'*' for headers": [{ allowedHeaders: '*' }, /does not include `authorization` here/],
  'an expression without a scheme': [{ origin: /\.example\.com$/ }, /translated to what it was meant to match/],
  'an expression for any host': [{ origin: /^https:\/\/[a-z]+\.[a-z]+/, credentials: true }, /anyone can register/],
  'an expression for http: with credentials': [
    { origin: /^https?:\/\/app\.example\.com$/, credentials: true },
    /translated to what it was meant to match/,
  ],
  'every method with credentials': [
    { origin: [APP], credentials: true, methods: ['*', 'PUT'] },
    /With credentials browsers read `'\*'` in `methods` as a name/,
  ],
  'every header with credentials': [
    { origin: [APP], credentials: true, allowedHeaders: ['*', 'X-A'] },
    /With credentials browsers read `'\*'` in `allowedHeaders` as a name/,
  ],
  'every exposed header with credentials': [
    { origin: [APP], credentials: true, exposedHeaders: '*' },
    /With credentials browsers read `'\*'` in `exposedHeaders` as a name/,
  ],
  'a callback that passes its callback on': [
    { origin: (origin: string, callback: Callback) => queueMicrotask(() => answer(callback, origin)) },
    /cannot be rewritten from its source/,
  ],
};

const byName = <Value>(cases: Readonly<Record<string, Value>>) => Object.entries(cases);

describePlatforms('the translation of enableCors()', (platform) => {
  const compare = async (options: unknown) => {
    const configure = (app: INestApplication) => app.enableCors(options as object);
    const warning = await warningAbout(platform, { configure });
    const printed = optionsOf(printedCode(warning) as string);
    return {
      warning,
      before: await whatPagesCanDo(platform, { configure }),
      after: await whatPagesCanDo(platform, { options: printed }),
    };
  };

  it.each(byName(SAME))('boots and lets pages do the same with %s', async (_, options) => {
    const { before, after } = await compare(options);
    expect(after).toEqual(before);
  });

  it.each(byName(NARROWER))('lets pages do less, and says so, with %s', async (_, [options, note]) => {
    const { before, after, warning } = await compare(options);
    expect(after.filter((line) => !before.includes(line))).toEqual([]);
    expect(before.length).toBeGreaterThan(after.length);
    expect(warning).toMatch(note);
  });
});
