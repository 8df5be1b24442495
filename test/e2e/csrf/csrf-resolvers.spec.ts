import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, Post } from '@nestjs/common';
import { Cors, CorsModule, CorsService, type OriginContext } from 'nestjs-cors';
import { HeldCalls } from '../../async-origins/support/held-calls.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, PLATFORMS, type Platform, serve } from '../../support/platforms.js';
import { APP, EVIL, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const heldCalls = new HeldCalls();

@Injectable()
class SlowOrigins {
  resolve(origin: string): Promise<boolean> {
    return heldCalls.call(origin);
  }
}

@Controller('origins')
class OriginsController {
  @Cors({ origin: (origin) => origin === PARTNER, credentials: true }) @Post('predicate') predicate() {
    return spy.ran('predicate');
  }
  @Cors({
    origin: (origin, context: OriginContext) => origin === PARTNER && context.method === 'POST',
    credentials: true,
  })
  @Post('context')
  context() {
    return spy.ran('context');
  }
  @Cors({ origin: async (origin) => origin === PARTNER, credentials: true }) @Post('later') later() {
    return spy.ran('later');
  }
  @Cors({ origin: SlowOrigins, credentials: true }) @Post('slow') slow() {
    return spy.ran('slow');
  }
  @Cors({ origin: SlowOrigins, credentials: false }) @Post('without-credentials') withoutCredentials() {
    return spy.ran('without credentials');
  }
  @Cors({ origin: () => Promise.reject(new Error('down')), credentials: true }) @Post('rejecting') rejecting() {
    return spy.ran('rejecting');
  }
  @Cors({ origin: (origin) => throwFor(origin), credentials: true }) @Post('throwing') throwing() {
    return spy.ran('throwing');
  }
  @Cors({ origin: () => new Promise<boolean>(() => undefined), credentials: true }) @Post('silent') silent() {
    return spy.ran('silent');
  }
}

/** Not at boot, where the predicate is called with an invented origin. */
function throwFor(origin: string): boolean {
  if (origin === PARTNER) {
    throw new Error('down');
  }
  return false;
}

@Module({
  imports: [CorsModule.forRoot({ origin: APP, credentials: true, resolver: { timeout: 20 } })],
  controllers: [OriginsController],
  providers: [SlowOrigins],
})
class ResolvingModule {}

@Module({
  imports: [CorsModule.forRoot({ origin: APP, credentials: true })],
  controllers: [OriginsController],
  providers: [SlowOrigins],
})
class PatientModule {}

const served = (handler: string): Outcome => ({
  status: 201,
  headers: {
    'access-control-allow-origin': PARTNER,
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  },
  ran: [handler],
});
const REFUSED: Outcome = { status: 403, headers: { vary: 'Origin' }, ran: [] };
const request = (path: string, origin: string) => ({
  method: 'POST',
  path: `/origins/${path}`,
  headers: { Origin: origin, 'Sec-Fetch-Site': 'cross-site' },
});

describePlatforms('csrfExclude() of a predicate or resolver', (platform) => {
  const hasty = serve(platform, ResolvingModule, spy, {
    configure: (app) => app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() }),
  });
  const patient = serve(platform, PatientModule, spy, {
    configure: (app) => app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() }),
  });
  beforeEach(() => heldCalls.restart());

  it.each(['predicate', 'context', 'later'])('excludes an origin that it allows: %s', async (path) => {
    expect(await hasty.outcome(request(path, PARTNER))).toEqual(served(path));
    for (const origin of [APP, EVIL, 'null', `${PARTNER}/`, PARTNER.toUpperCase()]) {
      expect(await hasty.outcome(request(path, origin))).toEqual(REFUSED);
    }
  });

  it('waits for the answer of a slow resolver, and uses the cached one', async () => {
    const first = patient.outcome(request('slow', PARTNER));
    await heldCalls.untilCalled(1);
    heldCalls.answer(true);
    expect(await first).toEqual(served('slow'));
    expect(await patient.outcome(request('slow', PARTNER))).toEqual(served('slow'));
    expect(heldCalls.origins).toEqual([PARTNER]);
  });

  it('leaves an origin that a slow resolver denies to the protection', async () => {
    const first = patient.outcome(request('slow', EVIL));
    await heldCalls.untilCalled(1);
    heldCalls.answer(false);
    expect(await first).toEqual(REFUSED);
    expect(await patient.outcome(request('slow', EVIL))).toEqual(REFUSED);
    expect(heldCalls.origins).toEqual([EVIL]);
  });

  it('leaves a policy without credentials to the protection, whatever its resolver answers', async () => {
    const answer = patient.outcome(request('without-credentials', 'https://third.example'));
    await heldCalls.untilCalled(1);
    heldCalls.answer(true);
    expect(await answer).toEqual({
      ...REFUSED,
      headers: { 'access-control-allow-origin': 'https://third.example', vary: 'Origin' },
    });
  });

  it.each(['rejecting', 'throwing', 'silent'])('leaves origins to the protection if it fails: %s', async (path) => {
    expect(await hasty.outcome(request(path, PARTNER))).toEqual(REFUSED);
  });

  it('does not call the resolver for `null`', async () => {
    expect(await patient.outcome(request('slow', 'null'))).toEqual(REFUSED);
    expect(heldCalls.origins).toEqual([]);
  });
});

describe('csrfExclude() of a handler whose predicate was not called', () => {
  const [express] = PLATFORMS as [Platform];
  const server = serve(express, ResolvingModule, spy, {
    configure: (app) => {
      app.use((incoming: IncomingMessage, _response: object, next: () => void) => {
        incoming.url = incoming.url?.replace('/origins/predicate', '/origins/later');
        next();
      });
      app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() });
    },
  });

  it('excludes nothing', async () => {
    expect(await server.outcome(request('predicate', PARTNER))).toMatchObject({ status: 403, ran: [] });
    expect(await server.outcome(request('later', PARTNER))).toEqual(served('later'));
  });
});

describe('csrfExclude() of a request whose early decision failed', () => {
  @Controller({ path: 'hosts', host: 'a.example.com' })
  class HostController {
    @Post() ofHost() {
      return spy.ran('of host');
    }
  }
  @Module({ imports: [ResolvingModule], controllers: [HostController] })
  class HostModule {}
  const [express] = PLATFORMS as [Platform];
  let fails = false;
  const trustProxy = () => {
    if (fails) {
      fails = false;
      throw new Error('no answer');
    }
    return false;
  };
  const server = serve(express, HostModule, spy, {
    adapter: { 'trust proxy': trustProxy },
    configure: (app) => app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() }),
  });
  const post = () =>
    server.outcome({
      method: 'POST',
      path: '/hosts',
      headers: {
        Host: 'a.example.com',
        'X-Forwarded-Host': 'b.example.com', // Express calls the function only if there is one
        Origin: APP,
        'Sec-Fetch-Site': 'cross-site',
      },
    });

  it('excludes nothing', async () => {
    fails = true;
    expect(await post()).toEqual({ status: 403, headers: {}, ran: [] });
    expect(await post()).toMatchObject({ status: 201, ran: ['of host'] });
  });
});
