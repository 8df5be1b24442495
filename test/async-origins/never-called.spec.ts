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
let asked: string[] = [];

/** Would say yes to everything it is asked about. */
@Injectable()
class Yes {
  readonly cache = false;
  async resolve(origin: string): Promise<boolean> {
    asked.push(origin);
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
    asked.push(origin);
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
    asked = [];
  });
  const bare: Outcome = { status: 200, headers: { vary: 'Origin' }, ran: ['create'] };
  const post = (path: string, headers: Record<string, string | readonly string[]>) =>
    server.outcome({ method: 'POST', path, headers });

  describe.each(['/resolver', '/predicate'])('of %s', (path) => {
    it('is asked about a well-formed origin', async () => {
      expect((await post(path, { Origin: SHOP })).headers).toEqual({
        'access-control-allow-origin': SHOP,
        vary: 'Origin',
      });
      expect((await server.outcome(preflight(SHOP, 'POST', path))).status).toBe(204);
      expect(asked).toEqual([SHOP, SHOP]);
    });

    it('is not asked where there is no Origin', async () => {
      expect(await post(path, {})).toEqual(bare);
      expect(asked).toEqual([]);
    });

    it('is not asked about null', async () => {
      expect(await post(path, { Origin: 'null' })).toEqual(bare);
      expect(await server.outcome(preflight('null', 'POST', path))).toEqual(REFUSED_PREFLIGHT);
      expect(asked).toEqual([]);
    });

    it.each(MALFORMED)('is not asked about %j', async (origin) => {
      expect(await post(path, { Origin: origin })).toEqual(bare);
      expect(await server.outcome(preflight(origin, 'POST', path))).toEqual(REFUSED_PREFLIGHT);
      expect(asked).toEqual([]);
    });

    it('is not asked about a second Origin line', async () => {
      await post(path, { Origin: [SHOP, 'https://other.example'] });
      expect(asked.filter((origin) => origin !== SHOP)).toEqual([]);
    });

    it('is not asked where the browser says that nothing crosses an origin, and that is no refusal to log', async () => {
      log.takeWarnings();
      expect(await post(path, { Origin: SHOP, 'Sec-Fetch-Site': 'same-origin' })).toEqual(bare);
      expect([asked, log.takeWarnings()]).toEqual([[], []]);
    });

    it('is not asked for a preflight that says so', async () => {
      const request = preflight(SHOP, 'POST', path);
      await server.outcome({ ...request, headers: { ...request.headers, 'Sec-Fetch-Site': 'same-origin' } });
      expect(asked).toEqual([]);
    });

    it.each(['same-site', 'cross-site', 'none', 'Same-Origin', 'same-origin, same-origin', ''])(
      'is asked where Sec-Fetch-Site is %j',
      async (site) => {
        await post(path, { Origin: SHOP, 'Sec-Fetch-Site': site });
        expect(asked).toEqual([SHOP]);
      },
    );
  });

  it('is not asked for what is exempt from enforcement by Sec-Fetch-Site: same-origin', async () => {
    expect(await post('/enforced', { Origin: SHOP, 'Sec-Fetch-Site': 'same-origin' })).toEqual(bare);
    expect(asked).toEqual([]);
  });

  it('is asked for an OPTIONS that is no preflight', async () => {
    const outcome = await server.outcome({ method: 'OPTIONS', path: '/resolver', headers: { Origin: SHOP } });
    expect(outcome.ran).toEqual(['options']);
    expect(asked).toEqual([SHOP]);
  });
});
