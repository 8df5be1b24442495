import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, type OriginContext, OriginResolverService } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, serve } from '../support/platforms.js';
import { preflight } from '../support/policy-statement.js';

const spy = new HandlerSpy();
const SHOP = 'https://shop.example';

interface Call {
  readonly by: string;
  readonly parameters: number;
  readonly origin: string;
  readonly context?: OriginContext;
  /** Read from the request of the platform during the call. */
  readonly host?: string | undefined;
  readonly protocol?: string | undefined;
}
const calls: Call[] = [];

function note(by: string, parameters: readonly unknown[]): boolean {
  const [origin, context] = parameters as [string, OriginContext?];
  const { host, protocol } = (context?.request ?? {}) as { host?: string; protocol?: string };
  calls.push({
    by,
    parameters: parameters.length,
    origin,
    ...(context === undefined ? {} : { context, host, protocol }),
  });
  return true;
}

@Injectable()
class Keyed {
  async resolve(...parameters: [string, OriginContext]): Promise<boolean> {
    return note('keyed', parameters);
  }
  cacheKey(...parameters: [OriginContext]): string {
    return parameters[0].path.includes('tenant=b') ? 'b' : 'a';
  }
}

@Injectable()
class Uncached {
  readonly cache = false;
  async resolve(...parameters: [string, OriginContext]): Promise<boolean> {
    return note('uncached', parameters);
  }
}

@Injectable()
class Cached {
  async resolve(...parameters: [string]): Promise<boolean> {
    return note('cached', parameters);
  }
}

@Cors({ origin: Keyed })
@Controller('keyed')
class KeyedController {
  @Put() replace() {
    return spy.ran('keyed');
  }
}

@Cors({ origin: Uncached })
@Controller('uncached')
class UncachedController {
  @Put(':id') replace() {
    return spy.ran('uncached');
  }
}

@Controller('predicates')
class PredicatesController {
  @Cors({ origin: (...parameters) => note('rest', parameters) }) @Put('rest') rest() {
    return spy.ran('rest');
  }
  @Cors({ origin: async (_origin: string) => note('one-asynchronous', [_origin]) }) @Put('one-asynchronous') one() {
    return spy.ran('one');
  }
  @Cors({ origin: (_origin: string) => note('one-synchronous', [_origin]) }) @Put('one-synchronous') plain() {
    return spy.ran('plain');
  }
  @Cors({ origin: async (_origin, _context) => note('two-asynchronous', [_origin, _context]) })
  @Put('two-asynchronous')
  two() {
    return spy.ran('two');
  }
  @Cors({ origin: (_origin, _context) => note('two-synchronous', [_origin, _context]) })
  @Put('two-synchronous')
  both() {
    return spy.ran('both');
  }
  @Cors({ origin: Cached }) @Get('cached') cached() {
    return spy.ran('cached');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: Uncached })],
  controllers: [KeyedController, UncachedController, PredicatesController],
  providers: [Keyed, Uncached, Cached],
})
class ApplicationModule {}

describePlatforms('the context', (platform) => {
  const server = serve(platform, ApplicationModule, spy);
  beforeEach(async () => {
    await server.running.app.get(OriginResolverService).forgetAll();
    calls.length = 0;
  });
  const put = (path: string) => server.request({ method: 'PUT', path, headers: { Origin: SHOP, 'X-Sent': 'yes' } });
  const plain = ({ request: _, ...context }: OriginContext) => context;

  it('describes an actual request to a resolver with cache = false, for each request', async () => {
    await put('/uncached/7?q=1');
    await put('/uncached/7?q=1');
    expect(calls).toHaveLength(2);
    const { context, ...rest } = calls[0] as Call;
    const host = `127.0.0.1:${server.running.port}`;
    expect(rest).toEqual({ by: 'uncached', parameters: 2, origin: SHOP, host, protocol: 'http' });
    expect(plain(context as OriginContext)).toEqual({
      method: 'PUT',
      path: '/uncached/7?q=1',
      controller: UncachedController,
      handler: UncachedController.prototype.replace,
      policy: 'UncachedController.replace',
      preflight: false,
    });
    expect(Object.isFrozen(context)).toBe(true);
    // The platform's own request object.
    const request = context?.request as { headers: Record<string, string>; method: string; raw?: object };
    expect([request.headers['x-sent'], request.method, request.raw !== undefined]).toEqual([
      'yes',
      'PUT',
      platform.name === 'fastify',
    ]);
  });

  it('describes a preflight with the method and handler of the actual request', async () => {
    await server.request(preflight(SHOP, 'PUT', '/uncached/7'));
    expect(calls.map(({ context }) => plain(context as OriginContext))).toEqual([
      {
        method: 'PUT',
        path: '/uncached/7',
        controller: UncachedController,
        handler: UncachedController.prototype.replace,
        policy: 'UncachedController.replace',
        preflight: true,
      },
    ]);
    expect(calls[0]?.context?.request).toHaveProperty('method', 'OPTIONS');
    expect(calls[0]).toMatchObject({ host: `127.0.0.1:${server.running.port}`, protocol: 'http' });
  });

  it('has no handler for a path without one', async () => {
    await put('/none');
    expect(calls.map(({ context }) => plain(context as OriginContext))).toEqual([
      { method: 'PUT', path: '/none', policy: 'CorsModule', preflight: false },
    ]);
  });

  it('is passed to a resolver with cacheKey, once for each key', async () => {
    for (const path of ['/keyed', '/keyed?tenant=b', '/keyed', '/keyed?tenant=b', '/keyed?again']) {
      await put(path);
    }
    expect(calls.map(({ context }) => context?.path)).toEqual(['/keyed', '/keyed?tenant=b']);
  });

  it('is not passed to a resolver that is cached by origin', async () => {
    await server.request({ path: '/predicates/cached', headers: { Origin: SHOP } });
    expect(calls).toEqual([{ by: 'cached', parameters: 1, origin: SHOP }]);
  });

  describe('for a predicate', () => {
    it.each([
      // Its `length` is 0: it does not declare the second parameter.
      ['rest', 1, 3],
      ['one-asynchronous', 1, 1],
      ['one-synchronous', 1, 3],
      ['two-asynchronous', 2, 3],
      ['two-synchronous', 2, 3],
    ])('(%s) gives %i parameters and %i calls for three requests', async (by, parameters, times) => {
      for (let count = 0; count < 3; count += 1) {
        expect((await put(`/predicates/${by}`)).text).toBe(by === 'rest' ? 'rest' : await spy.take().at(-1));
      }
      expect(calls.map((one) => [one.by, one.parameters, one.context?.preflight])).toEqual(
        Array.from({ length: times }, () => [by, parameters, parameters === 2 ? false : undefined]),
      );
    });
  });
});
