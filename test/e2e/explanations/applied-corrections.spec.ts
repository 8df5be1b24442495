import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import type { CorsExplanationRequest } from 'nestjs-cors';
import { readCorsEnvironment } from 'nestjs-cors/config';
import { corsHeaders } from '../../support/cors-headers.js';
import {
  applyCorrection,
  type Declarations,
  readCorrections,
  rootOf,
} from '../../support/explanations/apply-correction.js';
import { explainAndSend } from '../../support/explanations/explained-request.js';
import { describePlatforms, type Platform, startApp } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';

const INSECURE = 'http://app.example.com';
const SHARED = 'https://*.vercel.app';

type Case = readonly [title: string, Declarations, CorsExplanationRequest, places: readonly string[]];

const remove = (others: Partial<CorsExplanationRequest>): CorsExplanationRequest => ({
  method: 'DELETE',
  url: '/orders',
  origin: APP,
  ...others,
});

/** Refused requests, and the places of all code that their explanations print. */
const CASES: readonly Case[] = [
  [
    'credentials',
    { module: { origin: APP }, other: { kind: 'cors', options: { origin: ADMIN } } },
    remove({ credentials: true }),
    ['OrdersController.remove'],
  ],
  ...(
    [
      ['allows every origin', { origin: '*' }],
      ['allows an http: origin', { origin: [ADMIN, INSECURE] }],
      ['allows a pattern below a shared host', { origin: [ADMIN, SHARED] }],
      ['exposes every header', { exposedHeaders: ['x-a', '*'] }],
    ] as const
  ).map(
    ([what, options]): Case => [
      `credentials, where another handler ${what}`,
      { module: { origin: APP }, other: { kind: 'cors', options } },
      remove({ credentials: true }),
      ['OrdersController.remove'],
    ],
  ),
  [
    'credentials of a class, where another handler of it allows every origin',
    {
      module: {},
      controller: { kind: 'cors', options: { origin: APP } },
      other: { kind: 'cors', options: { origin: '*' } },
    },
    remove({ credentials: true }),
    ['OrdersController.remove'],
  ],
  [
    'credentials of a named policy, where another handler allows every origin',
    {
      module: { policies: { partners: { origin: APP } } },
      handler: { kind: 'cors', name: 'partners' },
      other: { kind: 'cors', name: 'partners', options: { origin: '*' } },
    },
    remove({ credentials: true }),
    ['OrdersController.remove'],
  ],
  [
    'credentials under a wildcard that other handlers inherit',
    { module: { origin: '*', allowedHeaders: ['*'], exposedHeaders: ['*'] } },
    remove({ credentials: true, headers: ['x-a'] }),
    ['OrdersController.remove'],
  ],
  [
    'credentials of an entry of `paths`, where a handler allows every origin',
    {
      module: { origin: APP, paths: [{ path: '/files', policy: {} }] },
      other: { kind: 'cors', options: { origin: '*' } },
    },
    { url: '/files/a', origin: APP, credentials: true },
    ['paths "/files"'],
  ],
  [
    'an http: origin, where another handler inherits the list with credentials',
    { module: { origin: APP }, other: { kind: 'cors', options: { credentials: true } } },
    remove({ origin: INSECURE }),
    ['OrdersController.remove'],
  ],
  [
    'an http: origin in an entry of `paths`, where a handler inherits the list with credentials',
    {
      module: { origin: APP, paths: [{ path: '/files', policy: {} }] },
      other: { kind: 'cors', options: { credentials: true } },
    },
    { url: '/files/a', origin: INSECURE },
    ['paths "/files"'],
  ],
  [
    'everything wrong at once',
    {
      module: { origin: ADMIN, methods: ['GET'], paths: [{ path: '/docs', policy: { origin: '*' } }] },
      other: { kind: 'cors', options: { exposedHeaders: ['x-a'] } },
    },
    remove({ headers: ['x-b', 'authorization'], credentials: true }),
    ['CorsModule', 'CorsModule', 'CorsModule', 'OrdersController.remove'],
  ],
  [
    'a disabled handler',
    { module: { origin: APP, methods: ['GET'] }, handler: { kind: 'disabled' } },
    remove({ headers: ['x-b'], credentials: true }),
    ['OrdersController.remove', 'CorsModule', 'CorsModule', 'OrdersController.remove'],
  ],
  [
    'a disabled class, for an origin that the module does not allow',
    { module: { origin: ADMIN }, controller: { kind: 'disabled' } },
    remove({ headers: ['x-b'], credentials: true }),
    ['OrdersController.remove', 'OrdersController.remove', 'OrdersController.remove'],
  ],
  [
    'a disabled handler below a wildcard',
    { module: { origin: '*' }, handler: { kind: 'disabled' } },
    remove({ credentials: true }),
    ['OrdersController.remove', 'OrdersController.remove'],
  ],
  [
    'an untouched handler',
    { module: { methods: ['GET'] } },
    remove({ headers: ['x-b'], credentials: true }),
    ['OrdersController.remove', 'CorsModule', 'OrdersController.remove', 'OrdersController.remove'],
  ],
  [
    'a closed entry of `paths`',
    { module: { origin: ADMIN, paths: [{ path: '/files', policy: false }] } },
    { url: '/files/a', origin: APP, headers: ['x-b'], credentials: true },
    ['paths "/files"', 'paths "/files"', 'paths "/files"'],
  ],
];

/** Explains and sends a request to a new application, and sends another one to the other handler. */
async function explainIn(platform: Platform, declarations: Declarations, request: CorsExplanationRequest) {
  const server = await startApp(platform, rootOf(declarations), {
    application: { logger: false },
    configure: (app) => {
      app.use('/files', (_request: object, response: ServerResponse) => response.end());
    },
  });
  try {
    const { explanation } = await explainAndSend(server, request);
    const other = await server.request({ method: 'GET', path: '/orders', headers: { Origin: ADMIN } });
    return { explanation, other: corsHeaders(other) };
  } finally {
    await server.close();
  }
}

describePlatforms('all code in an explanation', (platform) => {
  it.each(CASES)(
    'lets the request through and breaks no other handler: %s',
    async (_, declarations, request, places) => {
      const before = await explainIn(platform, declarations, request);
      expect(before.explanation.readable).not.toBe(true);
      const text = String(before.explanation);
      const corrections = readCorrections(text);
      expect(corrections.map(({ place }) => place)).toEqual(places);
      const after = await explainIn(platform, corrections.reduce(applyCorrection, declarations), request);
      expect(after.explanation).toMatchObject({ readable: true, reason: 'allowed' });
      expect(after.other['access-control-allow-origin']).toBe(before.other['access-control-allow-origin']);
    },
  );

  it('prints no credentials for the http: origin that it lists', async () => {
    const declarations: Declarations = { module: { origin: APP } };
    const request = remove({ origin: INSECURE, credentials: true });
    const { explanation } = await explainIn(platform, declarations, request);
    expect(explanation.next).toEqual(['credentials-not-allowed']);
    const corrections = readCorrections(String(explanation));
    expect(corrections).toEqual([{ code: `origin: ['${APP}', '${INSECURE}']`, place: 'OrdersController.remove' }]);
    const corrected = corrections.reduce(applyCorrection, declarations);
    const after = await explainIn(platform, corrected, { ...request, credentials: false });
    expect(after.explanation.readable).toBe(true);
  });

  it.each<[string, Declarations, CorsExplanationRequest, string]>([
    [
      'a URL without a handler',
      { module: { origin: APP }, other: { kind: 'cors', options: { origin: '*' } } },
      { url: '/unknown', origin: APP, credentials: true },
      'add an entry of `paths` with `policy: { credentials: true }`',
    ],
    [
      'an http: origin of a URL without a handler',
      { module: { origin: APP }, other: { kind: 'cors', options: { credentials: true } } },
      { url: '/unknown', origin: INSECURE },
      `add an entry of \`paths\` with \`policy: { origin: ['${APP}', '${INSECURE}'] }\``,
    ],
    [
      'an entry of `paths` with a named policy',
      {
        module: { policies: { partners: { origin: APP } }, paths: [{ path: '/files', policy: 'partners' }] },
        other: { kind: 'cors', options: { origin: '*' } },
      },
      { url: '/files/a', origin: APP, credentials: true },
      'give paths "/files" a policy of its own with `credentials: true`',
    ],
    [
      'a long list',
      {
        module: { origin: Array.from({ length: 8 }, (_, at) => `https://o${at}.example.com`) },
        other: { kind: 'cors', options: { credentials: true } },
      },
      remove({ origin: INSECURE }),
      `give OrdersController.remove its own \`origin\`: that of CorsModule, and \`'${INSECURE}'\``,
    ],
  ])('says in words what has no place yet: %s', async (_, declarations, request, words) => {
    const { explanation } = await explainIn(platform, declarations, request);
    expect(readCorrections(String(explanation))).toEqual([]);
    expect(String(explanation)).toContain(`, ${words}.`);
  });

  it('names the environment variables from which CorsModule has its options', async () => {
    const before = { CORS_ORIGINS: ADMIN, CORS_METHODS: 'GET', CORS_ALLOWED_HEADERS: 'x-a' };
    const request = remove({ headers: ['x-b'] });
    const { explanation } = await explainIn(platform, { module: readCorsEnvironment(before) }, request);
    const set = [...String(explanation).matchAll(/set `(\w+)=([^`]+)` in the environment\./g)];
    const variables = Object.fromEntries(set.map(([, name, value]) => [name, value]));
    expect(variables).toEqual({
      CORS_ORIGINS: `${ADMIN},${APP}`,
      CORS_METHODS: 'GET,DELETE',
      CORS_ALLOWED_HEADERS: 'x-a,x-b',
    });
    const after = await explainIn(platform, { module: readCorsEnvironment(variables) }, request);
    expect(after.explanation.readable).toBe(true);
  });

  it('names CorsModule where options beside the environment are in it', async () => {
    const module = { ...readCorsEnvironment({ CORS_ORIGINS: ADMIN }), maxAge: 60 };
    const { explanation } = await explainIn(platform, { module }, remove({}));
    expect(readCorrections(String(explanation))).toEqual([
      { code: `origin: ['${ADMIN}', '${APP}']`, place: 'CorsModule' },
    ]);
  });
});
