import { describe, expect, it } from '@jest/globals';
import { All, Controller, Module } from '@nestjs/common';
import fc from 'fast-check';
import { Cors, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { allowsCredentials, decideActual } from '../../../src/policy/decide.js';
import { PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';

const LISTS = [
  ['https://app.example.com'],
  ['https://*.example.com', 'https://app.example.org:8443'],
  ['https://shop-*.example.com', 'http://localhost:*'],
  '*',
  () => true,
] as const;

/** Origins that some list allows, and near misses of them. */
const origins = fc
  .tuple(
    fc.constantFrom('https', 'http', 'HTTPS', 'app'),
    fc.constantFrom(
      'app.example.com',
      'a.b.example.com',
      'shop-1.example.com',
      'example.com',
      'localhost',
      'evil.example',
    ),
    fc.constantFrom('', ':8443', ':443', ':1', '.evil.example', '/', ' '),
  )
  .map((parts) => `${parts[0]}://${parts[1]}${parts[2]}`);
const sent = fc.oneof({ weight: 9, arbitrary: origins }, fc.constantFrom('null', '', '*', 'https://'));

describe('allowsCredentials', () => {
  it('is true exactly where the response allows the origin together with credentials', () => {
    const compiler = new PolicyCompiler();
    const policies = fc.record({
      origin: fc.option(fc.constantFrom(...LISTS), { nil: undefined }),
      credentials: fc.boolean(),
    });
    fc.assert(
      fc.property(policies, sent, fc.constantFrom(true, false, undefined), (options, origin, answer) => {
        fc.pre(!(options.origin === '*' && options.credentials)); // does not boot
        const policy = compiler.compile({ options, target: 'CorsModule' } as never);
        const { outcome, headers } = decideActual(policy, origin, answer);
        const text = headers.join('\n');
        const allows =
          outcome === 'allowed' &&
          text.includes(`Access-Control-Allow-Origin\n${origin}\n`) &&
          text.includes('Access-Control-Allow-Credentials\ntrue');
        expect(allowsCredentials(policy, origin, answer)).toBe(allows);
      }),
      { numRuns: 2_000 },
    );
  });
});

const spy = new HandlerSpy();

@Controller('drawn')
class DrawnController {
  @All('listed') listed() {
    return spy.ran('listed');
  }
  @Cors({ origin: ['https://*.example.com'], credentials: true }) @All('pattern') pattern() {
    return spy.ran('pattern');
  }
  @Cors({ origin: (origin) => origin.startsWith('https://shop-'), credentials: true }) @All('predicate') predicate() {
    return spy.ran('predicate');
  }
  @Cors({ origin: async (origin) => origin.endsWith(':8443'), credentials: true }) @All('later') later() {
    return spy.ran('later');
  }
  @Cors({ origin: '*', credentials: false }) @All('public') public() {
    return spy.ran('public');
  }
  @Cors({ credentials: false }) @All('without-credentials') withoutCredentials() {
    return spy.ran('without credentials');
  }
  @Cors('untouched') @All('untouched') untouched() {
    return spy.ran('untouched');
  }
  @DisableCors() @All('disabled') disabled() {
    return spy.ran('disabled');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: ['https://app.example.com', 'http://localhost:*'],
      credentials: true,
      paths: [{ path: '/files', policy: { origin: 'https://a.b.example.com' } }],
    }),
  ],
  controllers: [DrawnController],
})
class DrawnModule {}

describePlatforms('a drawn request from another origin', (platform) => {
  const server = serve(platform, DrawnModule, spy, {
    configure: (app) => app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() }),
  });

  it('passes the protection exactly where its response allows the origin together with credentials', async () => {
    const paths = ['listed', 'pattern', 'predicate', 'later', 'public', 'without-credentials', 'untouched', 'disabled'];
    const requests = fc.record({
      method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
      path: fc.constantFrom(...paths.map((path) => `/drawn/${path}`), '/files/a', '/files/../drawn/listed', '/nowhere'),
      headers: fc.record({ Origin: sent, 'Sec-Fetch-Site': fc.constantFrom('cross-site', 'same-site') }),
    });
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { status, headers, ran } = await server.outcome(request);
        const origin = request.headers.Origin.replace(/^[\t ]+|[\t ]+$/g, ''); // no part of a header value
        const isAllowed =
          headers['access-control-allow-origin'] === origin && headers['access-control-allow-credentials'] === 'true';
        expect(status !== 403).toBe(isAllowed);
        expect(ran.length === 0 || isAllowed).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
