import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Injectable, Module, Options, Post } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type Outcome, serve } from '../support/platforms.js';
import { preflight, REFUSED_PREFLIGHT } from '../support/policy-statement.js';
import { AppLog } from './support/app-log.js';

const spy = new HandlerSpy();
const SHOP = 'https://shop.example';
const log = new AppLog();
let calledWith: string[] = [];

/** Allows every origin. */
@Injectable()
class Yes {
  readonly cache = false;
  async resolve(origin: string): Promise<boolean> {
    calledWith.push(origin);
    return true;
  }
}

@Controller('resolver')
class ResolverController {
  @Post() @HttpCode(200) create() {
    return spy.ran('create');
  }
  @Options() @HttpCode(200) options() {
    return spy.ran('options');
  }
}

@Cors({
  origin: (origin) => {
    calledWith.push(origin);
    return true;
  },
})
@Controller('predicate')
class PredicateController {
  @Post() @HttpCode(200) create() {
    return spy.ran('create');
  }
}

@Cors({ enforce: 'all' })
@Controller('enforced')
class EnforcedController {
  @Post() @HttpCode(200) create() {
    return spy.ran('create');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: Yes })],
  controllers: [ResolverController, PredicateController, EnforcedController],
  providers: [Yes],
})
class ApplicationModule {}

const MALFORMED: readonly string[] = [
  '',
  'null ',
  'NULL',
  '*',
  'undefined',
  'https://',
  'https://shop.example/',
  'https://shop.example/path',
  'https://user@shop.example',
  'https://shop.example:',
  'https://shop.example:65536',
  'https://Shop.example',
  'HTTPS://shop.example',
  'https://shop.example.',
  'https://shop..example',
  'https://shop%2eexample',
  'https://sh\u00f6p.example',
  'https://shop.example https://other.example',
  'https://shop.example, https://shop.example',
  'shop.example',
  '//shop.example',
  'https:shop.example',
  `https://${'a'.repeat(400)}.example`,
];

describePlatforms('a resolver or predicate', (platform) => {
  const server = serve(platform, ApplicationModule, spy, { application: { logger: log } });
  beforeEach(() => {
    calledWith = [];
  });
  const bare: Outcome = { status: 200, headers: { vary: 'Origin' }, ran: ['create'] };
  const post = (path: string, headers: Record<string, string | readonly string[]>) =>
    server.outcome({ method: 'POST', path, headers });

  describe.each(['/resolver', '/predicate'])('of %s', (path) => {
    it('is called for a well-formed origin', async () => {
      expect((await post(path, { Origin: SHOP })).headers).toEqual({
        'access-control-allow-origin': SHOP,
        vary: 'Origin',
      });
      expect((await server.outcome(preflight(SHOP, 'POST', path))).status).toBe(204);
      expect(calledWith).toEqual([SHOP, SHOP]);
    });

    it('is not called without Origin', async () => {
      expect(await post(path, {})).toEqual(bare);
      expect(calledWith).toEqual([]);
    });

    it('is not called for null', async () => {
      expect(await post(path, { Origin: 'null' })).toEqual(bare);
      expect(await server.outcome(preflight('null', 'POST', path))).toEqual(REFUSED_PREFLIGHT);
      expect(calledWith).toEqual([]);
    });

    it.each(MALFORMED)('is not called for the malformed origin %j', async (origin) => {
      expect(await post(path, { Origin: origin })).toEqual(bare);
      expect(await server.outcome(preflight(origin, 'POST', path))).toEqual(REFUSED_PREFLIGHT);
      expect(calledWith).toEqual([]);
    });

    it('is not called for a second Origin line', async () => {
      await post(path, { Origin: [SHOP, 'https://other.example'] });
      expect(calledWith.filter((origin) => origin !== SHOP)).toEqual([]);
    });

    it('is not called for a same-origin request, and no refusal is logged', async () => {
      log.takeWarnings();
      expect(await post(path, { Origin: SHOP, 'Sec-Fetch-Site': 'same-origin' })).toEqual(bare);
      expect([calledWith, log.takeWarnings()]).toEqual([[], []]);
    });

    it('is not called for a same-origin preflight', async () => {
      const request = preflight(SHOP, 'POST', path);
      await server.outcome({ ...request, headers: { ...request.headers, 'Sec-Fetch-Site': 'same-origin' } });
      expect(calledWith).toEqual([]);
    });

    it.each(['same-site', 'cross-site', 'none', 'Same-Origin', 'same-origin, same-origin', ''])(
      'is called if Sec-Fetch-Site is %j',
      async (site) => {
        await post(path, { Origin: SHOP, 'Sec-Fetch-Site': site });
        expect(calledWith).toEqual([SHOP]);
      },
    );
  });

  it('is not called for a same-origin request to an enforced route', async () => {
    expect(await post('/enforced', { Origin: SHOP, 'Sec-Fetch-Site': 'same-origin' })).toEqual(bare);
    expect(calledWith).toEqual([]);
  });

  it('is called for an OPTIONS request that is not a preflight', async () => {
    const outcome = await server.outcome({ method: 'OPTIONS', path: '/resolver', headers: { Origin: SHOP } });
    expect(outcome.ran).toEqual(['options']);
    expect(calledWith).toEqual([SHOP]);
  });
});
