import { expect, it } from '@jest/globals';
import { Controller, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, type CorsPolicyOptions } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { expectPolicy } from '../../support/policy-statement.js';
import { boot, codesOf } from '../../unit/boot/boot.js';
import { applied, remedyCode, validate } from '../../unit/validation/validation.js';

const spy = new HandlerSpy();

interface Shape {
  readonly origin: unknown;
  readonly credentials?: boolean;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

/** Regular expressions that applications write, the origins that they intend, and similar origins. */
const SHAPES: readonly Shape[] = [
  {
    origin: /^https:\/\/.*example\.com$/,
    credentials: true,
    allowed: ['https://example.com', 'https://b.a.example.com'],
    refused: [
      'https://evilexample.com',
      'https://example.com.evil.net',
      'http://a.example.com',
      'https://example.com:1',
    ],
  },
  {
    origin: '^https://.*.example.com$',
    allowed: ['https://a.example.com'],
    refused: ['https://example.com', 'https://aXexample.com', 'https://a.examplexcom'],
  },
  {
    origin: ['https://app.example.org', /^https:\/\/pr-\d+\.example\.com.*/, 'https://*.example.net'],
    credentials: true,
    allowed: ['https://app.example.org', 'https://pr-12.example.com', 'https://b.a.example.net'],
    refused: [
      'https://pr-1.example.com.evil.net',
      'https://pr-x.example.com',
      'https://example.net',
      'https://a.example.org',
    ],
  },
  {
    origin: /^https?:\/\/localhost(:\d+)?$/,
    credentials: true,
    allowed: ['http://localhost', 'http://localhost:3000', 'https://localhost:3000'],
    refused: ['http://localhost.evil.net:3000', 'http://evillocalhost:3000'],
  },
  {
    origin: /^https:\/\/app-git-[a-z0-9-]+-acme\.vercel\.app$/,
    allowed: ['https://app-git-main-acme.vercel.app'],
    refused: [
      'https://app-git--acme.vercel.app',
      'https://app-git-a.b-acme.vercel.app',
      'https://app-git-main-acmee.vercel.app',
    ],
  },
];

function application(options: CorsPolicyOptions): RootModule {
  @Controller('r')
  class ShapeController {
    @Cors(options) @Put() replace() {
      return spy.ran('replace');
    }
  }
  @Module({ imports: [CorsModule.forRoot()], controllers: [ShapeController] })
  class ShapeModule {}
  return ShapeModule;
}

/** The options, with the code of the first remedy as their origin. */
function corrected(options: CorsPolicyOptions): CorsPolicyOptions {
  const [problem] = validate(options).problems;
  return applied(options, (problem && remedyCode(problem)[0]) ?? '');
}

for (const { origin, credentials = false, allowed, refused } of SHAPES) {
  const options = { origin, credentials } as CorsPolicyOptions;
  const written = corrected(options);

  describePlatforms(
    `the regular expression ${String(origin)}${credentials ? ' with credentials' : ''} as origin`,
    (platform) => {
      it('stops the boot', async () => {
        expect(codesOf(await boot(application(options), platform))).toEqual([
          'origin-expression in ShapeController.replace',
        ]);
      });

      const server = serve(platform, application(written), spy);

      it('has a replacement that allows the intended origins and refuses similar ones', async () => {
        for (const refuses of refused) {
          for (const allows of allowed) {
            await expectPolicy(server, { method: 'PUT', path: '/r', handler: 'replace', allows, refuses, credentials });
          }
        }
      });
    },
  );
}
