import { expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, type CorsPolicyOptions, type OriginResolver } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { APP, EVIL, expectPolicy } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Injectable()
class Tenants {
  readonly origins = new Set(['https://tenant.example']);
}

@Injectable()
class TenantOrigins implements OriginResolver {
  readonly #tenants: Tenants;

  constructor(tenants: Tenants) {
    this.#tenants = tenants;
  }
  async resolve(origin: string): Promise<boolean> {
    return this.#tenants.origins.has(origin);
  }
}

interface Form {
  readonly origin: CorsPolicyOptions['origin'];
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

/** Every form of `origin`, with origins that it allows and similar origins that it refuses. */
const FORMS: Readonly<Record<string, Form>> = {
  exact: {
    origin: 'https://app.example.com',
    allowed: ['https://app.example.com'],
    refused: [
      'http://app.example.com',
      'https://app.example.com:444',
      'https://app.example.com:443',
      'https://app.example.com/',
      'https://app.example.com.',
      'https://App.example.com',
      'https://app.example.comm',
      'https://app.example.co',
      'https://xapp.example.com',
      'https://app.example.com.evil.example',
      'https://app%2eexample.com',
      'null',
      '',
    ],
  },
  'with-port': {
    origin: ['https://app.example.com:8443'],
    allowed: ['https://app.example.com:8443'],
    refused: [
      'https://app.example.com:8442',
      'https://app.example.com:84430',
      'https://app.example.com',
      'https://app.example.com:08443',
    ],
  },
  'other-scheme': {
    origin: ['capacitor://localhost', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
    allowed: ['capacitor://localhost', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
    refused: [
      'ionic://localhost',
      'capacitor://localhost:1',
      'chrome-extension://abcdefghijklmnopabcdefghijklmnoq',
      'null',
    ],
  },
  'opaque-hosts': {
    origin: ['app://.', 'tauri://Main', 'safari-web-extension://140BB581-7A4E-4C0B-9D0F-6C5B1A2E3F40'],
    allowed: ['app://.', 'tauri://Main', 'safari-web-extension://140BB581-7A4E-4C0B-9D0F-6C5B1A2E3F40'],
    refused: [
      'app://',
      'app://..',
      'app://.:1',
      'APP://.',
      'tauri://main',
      'tauri://Main.',
      'safari-web-extension://140bb581-7a4e-4c0b-9d0f-6c5b1a2e3f40',
      'file://',
    ],
  },
  'opaque-hosts-predicate': {
    origin: (origin: string) => /^app:/.test(origin) || /^file:/.test(origin) || origin === 'null',
    allowed: ['app://.', 'app://Main%20Window:8080'],
    refused: ['app://a^b', 'app://*', 'app://', 'file://', 'file://server', 'null'],
  },
  subdomains: {
    origin: ['https://*.example.com'],
    allowed: ['https://a.example.com', 'https://b.a.example.com'],
    refused: [
      'https://example.com',
      'https://evilexample.com',
      'https://.example.com',
      'http://a.example.com',
      'https://a.example.com:8443',
      'https://a.example.com.evil.example',
      'https://a.example.org',
      'https://a..example.com',
    ],
  },
  'star-in-a-label': {
    origin: ['https://app-git-*-acme.vercel.app'],
    allowed: ['https://app-git-main-acme.vercel.app', 'https://app-git-fix-42-acme.vercel.app'],
    refused: [
      'https://app-git--acme.vercel.app',
      'https://app-git-evil.main-acme.vercel.app',
      'https://app-git-main-acme.vercel.app:8443',
      'https://app-git-main-acme.vercel.app.evil.example',
      'https://app-git-main-evil.vercel.app',
      'https://app-git-*-acme.vercel.app',
      'https://app-git-ma_in-acme.vercel.app',
      'http://app-git-main-acme.vercel.app',
    ],
  },
  'star-in-a-label-any-port': {
    origin: ['http://x*.localhost:*'],
    allowed: ['http://xy.localhost', 'http://xy.localhost:3000'],
    refused: [
      'http://x.localhost:3000',
      'http://xn--a.localhost:3000',
      'http://xy.a.localhost',
      'https://xy.localhost',
    ],
  },
  ports: {
    origin: ['http://localhost:*'],
    allowed: ['http://localhost', 'http://localhost:1', 'http://localhost:3000', 'http://localhost:65535'],
    refused: [
      'http://localhost:65536',
      'http://localhost:0',
      'http://localhost:',
      'https://localhost:3000',
      'http://localhost.evil.example:3000',
      'http://a.localhost:3000',
    ],
  },
  'expression-in-a-predicate': {
    origin: (origin: string) => /^https:\/\/pr-\d+\.preview\.example$/.test(origin),
    allowed: ['https://pr-1.preview.example', 'https://pr-234.preview.example'],
    refused: [
      'https://pr-.preview.example',
      'https://pr-1.preview.example:1',
      'https://xpr-1.preview.example',
      'https://pr-1.previewxexample',
    ],
  },
  predicate: {
    origin: (origin: string) => origin === 'https://asked.example',
    allowed: ['https://asked.example'],
    refused: ['https://other.example', 'null'],
  },
  'async-predicate': {
    origin: async (origin: string) => origin === 'https://asked.example',
    allowed: ['https://asked.example'],
    refused: ['https://other.example', 'null'],
  },
  'predicate-with-context': {
    // A second parameter alone does not make a callback.
    origin: (origin: string, next) => next.policy !== '' && origin === 'https://asked.example',
    allowed: ['https://asked.example'],
    refused: ['https://other.example', 'null'],
  },
  'async-predicate-with-context': {
    origin: async (origin: string, { preflight }) =>
      typeof preflight === 'boolean' && origin === 'https://asked.example',
    allowed: ['https://asked.example'],
    refused: ['https://other.example', 'null'],
  },
  truthy: {
    // A predicate that returns a string: only the value `true` allows.
    origin: ((origin: string) => origin) as unknown as (origin: string) => boolean,
    allowed: [],
    refused: ['https://asked.example'],
  },
  throwing: {
    origin: () => {
      throw new Error('the predicate failed');
    },
    allowed: [],
    refused: ['https://asked.example'],
  },
  rejecting: {
    origin: async () => {
      throw new Error('the predicate failed later');
    },
    allowed: [],
    refused: ['https://asked.example'],
  },
  resolver: {
    origin: TenantOrigins,
    allowed: ['https://tenant.example'],
    refused: ['https://tenant.example:1', 'https://stranger.example', 'null'],
  },
  mixed: {
    origin: ['https://app.example.com', 'https://*.example.org', 'http://localhost:*'],
    allowed: ['https://app.example.com', 'https://a.example.org', 'http://localhost:3000'],
    refused: ['https://a.example.com', 'https://example.org', 'http://a.localhost:3000'],
  },
};

function formsModule(): RootModule {
  const controllers = Object.entries(FORMS).map(([name, form]) => {
    @Cors({ origin: form.origin } as CorsPolicyOptions)
    @Controller(name)
    class FormController {
      @Put() replace() {
        return spy.ran(name);
      }
    }
    return FormController;
  });
  @Module({ imports: [CorsModule.forRoot({ origin: [APP] })], providers: [Tenants, TenantOrigins], controllers })
  class FormsModule {}
  return FormsModule;
}

describePlatforms('the origin option', (platform) => {
  const server = serve(platform, formsModule(), spy);

  for (const [name, form] of Object.entries(FORMS)) {
    it(`in the form ${name} allows its origins and refuses similar ones`, async () => {
      const route = { method: 'PUT', path: `/${name}`, handler: name };
      for (const refuses of form.refused) {
        for (const allows of form.allowed) {
          await expectPolicy(server, { ...route, allows, refuses });
        }
        if (form.allowed.length === 0) {
          const outcome = await server.outcome({ method: 'PUT', path: `/${name}`, headers: { Origin: refuses } });
          expect(outcome).toEqual({ status: 200, headers: { vary: 'Origin' }, ran: [name] });
        }
      }
    });
  }
});

@Controller('r')
class WildcardController {
  @Get() list() {
    return spy.ran('list');
  }
}

for (const origin of ['*', true] as const) {
  @Module({ imports: [CorsModule.forRoot({ origin, exposedHeaders: ['x-a'] })], controllers: [WildcardController] })
  class WildcardModule {}

  describePlatforms(`origin ${JSON.stringify(origin)} without credentials`, (platform) => {
    const server = serve(platform, WildcardModule, spy);

    it.each([EVIL, 'null', 'not an origin', '', undefined])(
      'sends a literal star without Vary for Origin %j',
      async (sent) => {
        expect(await server.outcome({ path: '/r', headers: { Origin: sent } })).toEqual({
          status: 200,
          headers: { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-a' },
          ran: ['list'],
        });
      },
    );
  });
}
