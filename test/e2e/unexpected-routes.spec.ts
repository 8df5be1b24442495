import { expect, it } from '@jest/globals';
import { Controller, Get, Module, type NestModule, Put } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { KeptLog } from '../boot/boot.js';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, observe, type RootModule, startApp } from '../support/platforms.js';
import { ADMIN, APP } from '../support/policy-statement.js';

const spy = new HandlerSpy();

/** An application whose second route moves after its policies were compiled, before it is registered. */
function movingApplication(): RootModule {
  @Controller('things')
  class ThingsController {
    @Get('first') first() {
      spy.ran('first');
    }
    @Get('old') moved() {
      spy.ran('moved');
    }
    @Cors({ origin: [ADMIN] }) @Put('new') replace() {
      spy.ran('replace');
    }
    @Cors({ origin: [ADMIN] }) @Get('kept/:id') kept() {
      spy.ran('kept');
    }
    @Cors({ origin: [ADMIN] }) @Get('files/*') file() {
      spy.ran('file');
    }
  }

  @Module({})
  class MovingModule implements NestModule {
    configure(): void {
      Reflect.defineMetadata('path', 'new', ThingsController.prototype.moved);
    }
  }

  @Module({ imports: [CorsModule.forRoot({ origin: APP }), MovingModule], controllers: [ThingsController] })
  class ApplicationModule {}
  return ApplicationModule;
}

describePlatforms('a route that is not registered as it was compiled', (platform) => {
  it('is reported, and served without cross-origin access; the others keep their policies', async () => {
    const log = new KeptLog();
    const running = await startApp(platform, movingApplication(), { application: { logger: log } });
    try {
      const ask = async (method: string, path: string, origin: string, announced?: string) => {
        const { status, headers, ran } = await observe(() => running, spy).outcome({
          method,
          path,
          headers: {
            Origin: origin,
            ...(announced === undefined ? {} : { 'Access-Control-Request-Method': announced }),
          },
        });
        return [status, headers['access-control-allow-origin'], ...ran];
      };
      expect(log.errors).toEqual([
        'The route GET /things/new was registered and not expected. It is served without cross-origin access. Please report this.',
        'The route GET /things/old (ThingsController.moved) was expected and not registered. It is served without cross-origin access. Please report this.',
      ]);
      expect(await ask('GET', '/things/first', APP)).toEqual([200, APP, 'first']);
      expect(await ask('GET', '/things/new', APP)).toEqual([200, undefined, 'moved']);
      expect(await ask('OPTIONS', '/things/new', APP, 'GET')).toEqual([403, undefined]);
      expect(await ask('PUT', '/things/new', ADMIN)).toEqual([200, ADMIN, 'replace']);
      expect(await ask('PUT', '/things/new', APP)).toEqual([200, undefined, 'replace']);
      expect(await ask('OPTIONS', '/things/new', ADMIN, 'PUT')).toEqual([204, ADMIN]);
      expect(await ask('GET', '/things/kept/1', ADMIN)).toEqual([200, ADMIN, 'kept']);
      expect(await ask('GET', '/things/kept/1', APP)).toEqual([200, undefined, 'kept']);
      expect(await ask('GET', '/things/files/a/b', ADMIN)).toEqual([200, ADMIN, 'file']);
      expect(await ask('GET', '/things/files/a/b', APP)).toEqual([200, undefined, 'file']);
    } finally {
      await running.close();
    }
  });
});
