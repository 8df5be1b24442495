import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Module, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions, type CorsPolicyOptions, DisableCors } from 'nestjs-cors';
import { describePlatforms, type RootModule } from '../../support/platforms.js';
import { boot, RecordedLog } from './boot.js';

const APP = 'https://app.example.com';
const environment = process.env.NODE_ENV;

afterEach(() => {
  process.env.NODE_ENV = environment;
});

@Controller('plain')
class PlainController {
  @Get() list(): void {}
}

@Controller('shared')
class SharedController {
  @Get() list(): void {}
  @Put() @Cors({ origin: 'https://admin.example.com' }) replace(): void {}
  @Delete('other') remove(): void {}
}

@Controller('own')
class OwnController {
  @Put() @Cors({ methods: ['PATCH'] }) replace(): void {}
  @Get() @Cors({ methods: ['PUT'] }) list(): void {}
}

@Controller('one-method')
class OneMethodController {
  @Get('me') own(): void {}
  @Get(':id') @Cors({ origin: 'https://admin.example.com' }) one(): void {}
}

@Controller('files')
class FilesController {
  @Get(':id') one(): void {}
  @DisableCors() @Put('switched/off') off(): void {}
}

function application(options: CorsModuleOptions, controllers: RootModule[] = [PlainController]): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)], controllers })
  class Root {}
  return Root;
}

/** The codes that the lines of a log begin with. */
function codes(log: RecordedLog): string[] {
  return log.warnings.map((line) => line.slice(0, line.indexOf(' ')));
}

const CASES: Readonly<
  Record<string, { options: CorsModuleOptions; controllers?: RootModule[]; production?: boolean }>
> = {
  'method-not-allowed-by-own-policy': { options: { origin: APP }, controllers: [OwnController] },
  'safelisted-method-omitted': { options: { origin: APP }, controllers: [OwnController] },
  'preflight-not-cached': { options: { origin: APP }, controllers: [SharedController] },
  'credentials-inherited': { options: { origin: APP, credentials: true }, controllers: [SharedController] },
  'insecure-origin': { options: { origin: 'http://app.example.com' } },
  'loopback-in-production': { options: { origin: 'http://localhost:3000' }, production: true },
  'shared-host': { options: { origin: 'https://app-*.vercel.app', credentials: true } },
  'predicate-reflects-any': { options: { origin: () => true, credentials: true } },
  'wildcard-mixed': { options: { origin: [APP, '*'] } },
  'max-age-above-chromium': { options: { origin: APP, maxAge: 7201 } },
  'wildcard-headers-with-credentials': { options: { origin: APP, credentials: true, allowedHeaders: ['*'] } },
};

describe('a warning at boot', () => {
  it.each(Object.entries(CASES))('%s is logged once, with its remedy, and can be silenced', async (code, setup) => {
    process.env.NODE_ENV = setup.production ? 'production' : 'test';
    const { problems, log } = await boot(application(setup.options, setup.controllers));
    expect(problems).toEqual([]);
    expect(codes(log).filter((one) => one === code)).toEqual([code]);
    const text = log.warnings.find((line) => line.startsWith(code)) ?? '';
    expect(text.split('\n').length).toBeGreaterThan(1);
    const silenced = await boot(application({ ...setup.options, diagnostics: { silence: [code] } }, setup.controllers));
    expect(codes(silenced.log)).not.toContain(code);
  });

  it('is not logged without a reason', async () => {
    process.env.NODE_ENV = 'production';
    const { log } = await boot(application({ origin: APP, credentials: true, maxAge: 7200 }, [PlainController]));
    expect(log.warnings).toEqual([]);
  });

  it('names every handler whose origins inherit credentials, in any order', async () => {
    class OuterController {}
    Cors({ credentials: true })(OuterController);
    class InnerController extends OuterController {}
    Cors({ origin: 'https://admin.example.com' })(InnerController);
    @Controller('a')
    class InheritingController extends InnerController {
      @Get() one(): void {}
    }
    @Cors({ credentials: true })
    @Controller('b')
    class DecoratedController {
      @Cors({ origin: 'https://admin.example.com' }) @Get() two(): void {}
    }
    for (const controllers of [
      [InheritingController, DecoratedController],
      [DecoratedController, InheritingController],
    ]) {
      const { log } = await boot(application({ origin: APP }, controllers));
      const text = log.warnings.find((line) => line.startsWith('credentials-inherited')) ?? '';
      expect(text).toContain('InheritingController.one');
      expect(text).toContain('DecoratedController.two');
    }
  });

  it('names each handler with the same mistake', async () => {
    @Controller()
    class TwiceController {
      @Cors({ methods: ['PATCH'] }) @Put('one') one(): void {}
      @Cors({ methods: ['PATCH'] }) @Put(['two', 'three']) two(): void {}
      @Cors({ methods: ['PATCH'] }) @Put('four') four(): void {}
    }
    const { log } = await boot(application({ origin: APP }, [TwiceController]));
    const text = log.warnings.find((line) => line.startsWith('method-not-allowed-by-own-policy')) ?? '';
    for (const handler of ['one', 'two', 'four']) {
      expect(text).toContain(`TwiceController.${handler}`);
    }
  });

  it('names only the handlers that share a URL', async () => {
    const { log } = await boot(application({ origin: APP }, [SharedController]));
    const text = log.warnings.find((line) => line.startsWith('preflight-not-cached')) ?? '';
    expect(text).toContain('SharedController.list');
    expect(text).toContain('SharedController.replace');
    expect(text).not.toContain('SharedController.remove');
  });

  it('names the handlers below an entry of `paths` with another policy', async () => {
    const below = (path: string, policy: CorsPolicyOptions): CorsModuleOptions => ({
      origin: APP,
      paths: [{ path, policy }],
    });
    const admin = { origin: 'https://admin.example.com' };
    for (const [options, named] of [
      [below('/plain', admin), ['PlainController.list']],
      [below('/', admin), ['PlainController.list', 'FilesController.one', 'FilesController.off']],
      [below('/files', admin), ['FilesController.one', 'FilesController.off']],
      [below('/files', {}), ['FilesController.off']],
      [below('/fil', admin), []],
      [below('/files/archive', admin), []],
    ] as const) {
      const { log } = await boot(application(options, [PlainController, FilesController]));
      const text = log.warnings.find((line) => line.startsWith('preflight-not-cached')) ?? '';
      expect(
        ['PlainController.list', 'FilesController.one', 'FilesController.off'].filter((target) =>
          text.includes(target),
        ),
      ).toEqual(named);
    }
  });

  it('does not name handlers that share a method but not a URL', async () => {
    const { log } = await boot(application({ origin: APP }, [OneMethodController]));
    expect(codes(log)).not.toContain('preflight-not-cached');
  });
});

describePlatforms('app.enableCors()', (platform) => {
  it.each(['enableCors()', 'cors: true'])('causes a warning when it is called by %s', async (way) => {
    const log = new RecordedLog();
    const app = await NestFactory.create(application({ origin: APP }), platform.createAdapter(), {
      logger: log,
      abortOnError: false,
      ...(way === 'cors: true' ? { cors: true } : {}),
    });
    if (way === 'enableCors()') {
      app.enableCors();
    }
    await app.init();
    await app.close();
    expect(codes(log)).toContain('enable-cors-active');
    const [text] = log.warnings.filter((line) => line.includes('enable-cors-active'));
    expect(text).toContain(
      way === 'cors: true'
        ? 'The option `cors` of NestFactory.create() calls enableCors()'
        : '`test/unit/boot/warnings.spec.ts` calls enableCors()',
    );
    expect(text).toContain(way === 'cors: true' ? 'Remove the option `cors`.' : 'Remove the call.');
  });
});
