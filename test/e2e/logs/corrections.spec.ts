import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { corsHeaders } from '../../support/cors-headers.js';
import {
  applyCorrection,
  type Declarations,
  readCorrection,
  rootOf,
  type WrittenCorrection,
} from '../../support/explanations/apply-correction.js';
import { describePlatforms, type Platform, startApp } from '../../support/platforms.js';
import { APP, preflight } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const ADMIN = 'https://admin.example.org';
const PARTNERS = { policies: { partners: { origin: APP, methods: ['GET'] } } };
const TRACING = 'baggage,sentry-trace,traceparent';

const remove = (origin = APP, headers?: string): RawRequest => preflight(origin, 'DELETE', '/orders', headers);
const get = (path: string): RawRequest => ({ method: 'GET', path, headers: { Origin: ADMIN } });

/** The refused request, and the correction that the log must print. */
const REFUSALS: readonly [string, Declarations, RawRequest, WrittenCorrection][] = [
  [
    'headers that no level sets',
    { module: { origin: APP } },
    remove(APP, TRACING),
    { code: "allowedHeaders: ['content-type', 'baggage', 'sentry-trace', 'traceparent']", place: 'CorsModule' },
  ],
  [
    'headers of a handler',
    { module: { origin: APP }, handler: { kind: 'cors', options: { allowedHeaders: ['x-a'] } } },
    remove(APP, 'x-a,x-b'),
    { code: "allowedHeaders: ['x-a', 'x-b']", place: 'OrdersController.remove' },
  ],
  [
    'methods of a named policy',
    { module: PARTNERS, controller: { kind: 'cors', name: 'partners' } },
    remove(),
    { code: "methods: ['GET', 'DELETE']", place: 'policy "partners"' },
  ],
  [
    'methods of a class',
    { module: { origin: APP }, controller: { kind: 'cors', options: { methods: [] } } },
    remove(),
    { code: "methods: ['DELETE']", place: 'OrdersController' },
  ],
  [
    'an origin of the module',
    { module: { origin: APP }, handler: { kind: 'cors', options: { maxAge: 5 } } },
    remove(ADMIN),
    { code: `origin: ['${APP}', '${ADMIN}']`, place: 'CorsModule' },
  ],
  [
    'an origin of a class, for an actual request',
    { module: { origin: '*' }, controller: { kind: 'cors', options: { origin: [APP] } } },
    get('/orders'),
    { code: `origin: ['${APP}', '${ADMIN}']`, place: 'OrdersController' },
  ],
  [
    'an origin of an entry of `paths`',
    { module: { origin: '*', paths: [{ path: '/files', policy: { origin: APP } }] } },
    get('/files/a'),
    { code: `origin: ['${APP}', '${ADMIN}']`, place: 'paths "/files"' },
  ],
  [
    'a closed entry of `paths`',
    { module: { origin: APP, paths: [{ path: '/files', policy: false }] } },
    get('/files/a'),
    { code: `policy: { origin: '${ADMIN}' }`, place: 'paths "/files"' },
  ],
  [
    'a disabled handler',
    { module: { origin: APP }, handler: { kind: 'disabled' } },
    remove(),
    { code: '@Cors()', place: 'OrdersController.remove' },
  ],
  [
    'a disabled handler, for an origin that the module does not allow',
    { module: { origin: APP }, handler: { kind: 'disabled' } },
    remove(ADMIN),
    { code: `@Cors({ origin: '${ADMIN}' })`, place: 'OrdersController.remove' },
  ],
  [
    'a disabled class',
    { module: { origin: APP }, controller: { kind: 'disabled' } },
    remove(),
    { code: '@Cors()', place: 'OrdersController.remove' },
  ],
  [
    'a disabled class below a module without an origin',
    { module: { credentials: true }, controller: { kind: 'disabled' } },
    remove(),
    { code: `@Cors({ origin: '${APP}' })`, place: 'OrdersController.remove' },
  ],
  [
    'an untouched route',
    { module: {} },
    remove(),
    { code: `@Cors({ origin: '${APP}' })`, place: 'OrdersController.remove' },
  ],
];

/** Sends a request to a new application, and returns whether its origin is allowed, and the lines of the log. */
async function send(platform: Platform, declarations: Declarations, request: RawRequest) {
  const log = new RecordedLog();
  const server = await startApp(platform, rootOf(declarations), {
    application: { logger: log },
    configure: (app) => {
      app.use('/files', (_request: object, response: ServerResponse) => response.end());
    },
  });
  try {
    log.warnings.length = 0;
    const response = await server.request(request);
    const allowed = corsHeaders(response)['access-control-allow-origin'] !== undefined;
    return { allowed, lines: [...log.warnings] };
  } finally {
    await server.close();
  }
}

describePlatforms('the code in a line of the log', (platform) => {
  it.each(REFUSALS)('allows the refused request when it is applied: %s', async (_, declarations, request, expected) => {
    const refused = await send(platform, declarations, request);
    expect(refused.allowed).toBe(false);
    expect(refused.lines).toHaveLength(1);
    const correction = readCorrection(refused.lines[0] as string);
    expect(correction).toEqual(expected);
    const corrected = applyCorrection(declarations, correction as WrittenCorrection);
    expect(await send(platform, corrected, request)).toEqual({ allowed: true, lines: [] });
  });
});
