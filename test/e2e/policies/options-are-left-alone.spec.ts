import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions, type CorsPolicyOptions } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { describePlatforms, type RootModule, startApp } from '../../support/platforms.js';
import { boot, codesOf } from '../../unit/boot/boot.js';

const APP = 'https://app.example.com';
const EVIL = 'https://evil.example';

function application(options: unknown, decorated?: CorsPolicyOptions): RootModule {
  @Controller('r')
  class RController {
    @Get() list(): string {
      return 'ok';
    }
  }
  if (decorated !== undefined) {
    Cors(decorated)(RController);
  }
  @Module({ imports: [CorsModule.forRoot(options as CorsModuleOptions)], controllers: [RController] })
  class Root {}
  return Root;
}

describePlatforms('options', (platform) => {
  it('have no effect if they change after boot', async () => {
    const options = { origin: [APP], exposedHeaders: ['x-a'], policies: {}, credentials: false };
    const decorated = { exposedHeaders: ['x-b'] };
    const server = await startApp(platform, application(options, decorated));
    try {
      options.origin.push(EVIL);
      options.credentials = true;
      decorated.exposedHeaders[0] = 'x-c';
      const allowed = await server.request({ method: 'GET', path: '/r', headers: { Origin: APP } });
      expect(corsHeaders(allowed)).toEqual({
        'access-control-allow-origin': APP,
        'access-control-expose-headers': 'x-b',
        vary: 'Origin',
      });
      const refused = await server.request({ method: 'GET', path: '/r', headers: { Origin: EVIL } });
      expect(corsHeaders(refused)).toEqual({ vary: 'Origin' });
    } finally {
      await server.close();
    }
  });
});

describe('options', () => {
  it('may be frozen and are not modified', async () => {
    const options = { origin: [APP], policies: { partners: { origin: [APP] } }, paths: [{ path: '/a', policy: {} }] };
    const before = JSON.stringify(options);
    const frozen = deepFrozen(options);
    expect(codesOf(await boot(application(frozen, Object.freeze({ maxAge: 5 }))))).toEqual([]);
    expect(JSON.stringify(frozen)).toBe(before);
  });

  it('are read as own properties only, and inherited ones stop the boot', async () => {
    const stopped = await boot(application(Object.create({ origin: '*', enforce: 'all', nonsense: 1 })));
    expect(codesOf(stopped)).toEqual(['option-type in CorsModule']);
    expect(stopped.problems[0]).toMatchObject({
      message:
        'The options are {} with inherited options (origin, enforce) but must have own properties, because inherited ones are ignored (set at CorsModule).',
      remedy: 'Copy them into a plain object: `{ ...options, origin: options.origin, enforce: options.enforce }`.',
    });
    expect(
      codesOf(await boot(application(JSON.parse('{"__proto__": {"origin": 5}, "origin": "https://a.example"}')))),
    ).toEqual([]);
  });

  it.each(['origin', 'policies', 'methods'])(
    'with a throwing getter for %s stop the boot with a clear error',
    async (property) => {
      const options = Object.defineProperty({}, property, {
        enumerable: true,
        get() {
          throw new Error('no database');
        },
      });
      const stopped = await boot(application(options));
      expect(codesOf(stopped)).toEqual(['option-type in CorsModule']);
      expect(stopped.message).toContain(property);
      expect(stopped.message).toContain('no database');
    },
  );

  it('with a getter are read once', async () => {
    let reads = 0;
    const options = Object.defineProperty({}, 'origin', {
      enumerable: true,
      get() {
        reads++;
        return APP;
      },
    });
    expect(codesOf(await boot(application(options)))).toEqual([]);
    expect(reads).toBe(1);
  });
});

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) {
      deepFrozen(part);
    }
    Object.freeze(value);
  }
  return value;
}
