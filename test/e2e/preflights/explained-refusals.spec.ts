import { afterEach, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Module, Put } from '@nestjs/common';
import { CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, observe, type Platform, type RootModule, startApp } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const environment = process.env.NODE_ENV;

afterEach(() => {
  process.env.NODE_ENV = environment;
});

@Controller('r')
class RController {
  @Get() list() {
    return spy.ran('list');
  }
  @Put() replace() {
    return spy.ran('replace');
  }
  @Delete() @DisableCors() remove() {
    return spy.ran('remove');
  }
}

function application(explainToClient: boolean | 'even-in-production'): RootModule {
  @Module({
    imports: [
      CorsModule.forRoot({
        origin: APP,
        methods: ['PUT'],
        allowedHeaders: ['x-a', 'x-b'],
        credentials: true,
        diagnostics: { explainToClient },
      }),
    ],
    controllers: [RController],
  })
  class Root {}
  return Root;
}

async function answers(
  platform: Platform,
  explain: boolean | 'even-in-production',
  nodeEnv: string,
  ...asked: Parameters<typeof preflight>[]
) {
  process.env.NODE_ENV = nodeEnv;
  const running = await startApp(platform, application(explain));
  try {
    const server = observe(() => running, spy);
    const outcomes = [];
    for (const one of asked) {
      outcomes.push(await server.outcome(preflight(...one)));
    }
    return outcomes;
  } finally {
    await running.close();
  }
}

describePlatforms('a refused preflight with explainToClient', (platform) => {
  const explained = (headers: Record<string, string>) => ({
    status: 204,
    headers: { ...headers, vary: PREFLIGHT_VARY },
    ran: [],
  });

  it('grants the allowed part and names the reason', async () => {
    const granted = {
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '0',
    };
    expect(
      await answers(
        platform,
        true,
        'development',
        [APP, 'PUT', '/r', 'x-a,x-c,x-b'],
        [APP, 'PUT', '/r', 'baggage,sentry-trace,traceparent,x-a'],
        [APP, 'PATCH', '/r', 'x-a'],
        [EVIL, 'PUT', '/r', 'x-a'],
        [APP, 'PUT', '/r', 'x-a,é'],
        [APP, 'PUT', '/r', Array(65).fill('x-a').join(',')],
        [APP, 'DELETE', '/r'],
        ['null', 'PUT', '/r'],
      ),
    ).toEqual([
      explained({
        ...granted,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'x-a,x-b',
        'cors-decision': 'header-not-allowed; missing=x-c',
      }),
      explained({
        ...granted,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'x-a',
        'cors-decision': 'header-not-allowed; missing=baggage,sentry-trace,traceparent',
      }),
      explained({ ...granted, 'access-control-allow-headers': 'x-a', 'cors-decision': 'method-not-allowed' }),
      explained({ 'cors-decision': 'origin-not-allowed' }),
      explained({
        ...granted,
        'access-control-allow-methods': 'PUT',
        'cors-decision': 'headers-malformed',
      }),
      explained({
        ...granted,
        'access-control-allow-methods': 'PUT',
        'cors-decision': 'headers-malformed',
      }),
      explained({ 'cors-decision': 'disabled' }),
      explained({ 'cors-decision': 'origin-null' }),
    ]);
  });

  it('is not explained by default or in production, unless forced', async () => {
    const asked: Parameters<typeof preflight> = [APP, 'PATCH', '/r'];
    expect(await answers(platform, false, 'development', asked)).toEqual([REFUSED_PREFLIGHT]);
    expect(await answers(platform, true, 'production', asked)).toEqual([REFUSED_PREFLIGHT]);
    expect(await answers(platform, 'even-in-production', 'production', asked)).toMatchObject([
      { status: 204, headers: { 'cors-decision': 'method-not-allowed' } },
    ]);
  });
});
