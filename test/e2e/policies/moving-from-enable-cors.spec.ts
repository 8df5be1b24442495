import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Put } from '@nestjs/common';
import { CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, observe, type RootModule, startApp } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { boot, codesOf } from '../../unit/boot/boot.js';

const ALLOWED = [APP, 'https://admin.example.com'];

/** The options from the documentation of the Express middleware, as people paste them. */
const CLASSIC = {
  origin(origin: string | undefined, callback: (error: Error | null, allow?: boolean) => void) {
    if (origin !== undefined && ALLOWED.includes(origin)) {
      callback(null, true);
    } else {
      callback(new Error('Not allowed by CORS'));
    }
  },
  methods: 'GET,PUT,DELETE',
  allowedHeaders: 'Content-Type,Authorization',
  preflightContinue: false,
  optionsSuccessStatus: 200,
};

const spy = new HandlerSpy();

function application(options: unknown): RootModule {
  @Controller('r')
  class RController {
    @Get() list() {
      return spy.ran('list');
    }
    @Put() replace() {
      return spy.ran('replace');
    }
  }
  @Module({ imports: [CorsModule.forRoot(options as CorsModuleOptions)], controllers: [RController] })
  class Root {}
  return Root;
}

/** The first code of a remedy, as a property of an object. It may use the variables of the options. */
function corrected(remedy: string): Record<string, unknown> {
  const code = /`([a-zA-Z]+: [^`]+)`/.exec(remedy)?.[1];
  if (code === undefined) {
    throw new Error(`no code in the remedy: ${remedy}`);
  }
  return new Function('ALLOWED', `return ({ ${code} })`)(ALLOWED) as Record<string, unknown>;
}

describe('the options of enableCors', () => {
  it('stop the boot with one error that names each unsupported option', async () => {
    const stopped = await boot(application(CLASSIC));
    expect(stopped.problems.map(({ code, property }) => [code, property]).sort()).toEqual([
      ['option-type', 'allowedHeaders'],
      ['option-type', 'methods'],
      ['option-type', 'origin'],
      ['option-unknown', 'preflightContinue'],
    ]);
    expect(stopped.message).toMatchSnapshot();
  });
});

describePlatforms('the options of enableCors, corrected as the error suggests', (platform) => {
  const corrections = async () => {
    const { problems } = await boot(application(CLASSIC));
    const { preflightContinue: _, ...options } = CLASSIC as Record<string, unknown>;
    for (const { code, remedy } of problems) {
      if (code !== 'option-unknown') {
        Object.assign(options, corrected(remedy));
      }
    }
    return options;
  };

  it('boot', async () => {
    expect(codesOf(await boot(application(await corrections()), platform))).toEqual([]);
  });

  it('allow the intended origins, methods and headers', async () => {
    const running = await startApp(platform, application(await corrections()));
    const server = observe(() => running, spy);
    try {
      for (const [method, origin, status] of [
        ['PUT', APP, 200],
        ['DELETE', APP, 200],
        ['PUT', EVIL, 403],
        ['PATCH', APP, 403],
      ] as const) {
        const outcome = await server.outcome({
          method: 'OPTIONS',
          path: '/r',
          headers: { Origin: origin, 'Access-Control-Request-Method': method },
        });
        expect([method, origin, outcome.status, outcome.ran]).toEqual([method, origin, status, []]);
      }
      const actual = await server.outcome({ method: 'GET', path: '/r', headers: { Origin: EVIL } });
      expect(actual).toEqual({ status: 200, headers: { vary: 'Origin' }, ran: ['list'] });
    } finally {
      await running.close();
    }
  });
});
