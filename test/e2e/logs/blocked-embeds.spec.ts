import type { ServerResponse } from 'node:http';
import fastifyHelmet from '@fastify/helmet';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, type INestApplication, Module, Res } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet from 'helmet';
import { Cors, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { describePlatforms, type Platform, startApp } from '../../support/platforms.js';
import { APP } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

@Controller('listed')
class ListedController {
  @Get() list() {
    return 'list';
  }
}

@Cors({ origin: '*' })
@Controller('images')
class ImagesController {
  @Get() plain() {
    return 'plain';
  }
  @Get('header') @Header('Cross-Origin-Resource-Policy', 'same-origin') header() {
    return 'header';
  }
  @Get('same-site') @Header('Cross-Origin-Resource-Policy', 'same-site') sameSite() {
    return 'same-site';
  }
  @Get('raw') raw(@Res() response: unknown) {
    const raw = ((response as { raw?: unknown }).raw ?? response) as ServerResponse;
    raw.writeHead(200, { 'Cross-Origin-Resource-Policy': 'same-origin' }).end('raw');
  }
  @Get('raw-list') rawList(@Res() response: unknown) {
    const raw = ((response as { raw?: unknown }).raw ?? response) as ServerResponse;
    raw.writeHead(200, ['Cross-Origin-Resource-Policy', 'same-origin']).end('raw');
  }
  @Get('allowed') @Header('Cross-Origin-Resource-Policy', 'cross-origin') allowed() {
    return 'allowed';
  }
  @Get('raw-allowed') rawAllowed(@Res() response: unknown) {
    const raw = ((response as { raw?: unknown }).raw ?? response) as ServerResponse;
    raw.writeHead(200, { 'Cross-Origin-Resource-Policy': 'cross-origin' }).end('raw');
  }
  @Get('own') @Cors({ origin: '*', resourcePolicy: 'cross-origin' }) own() {
    return 'own';
  }
  @Get('chosen') @Cors({ origin: '*', resourcePolicy: 'same-origin' }) chosen() {
    return 'chosen';
  }
}

/** An application that sends some requests, and the warnings about them. */
async function warningsOf(
  platform: Platform,
  paths: readonly string[],
  configure?: (app: INestApplication) => unknown,
  options: CorsModuleOptions = {},
): Promise<string[]> {
  @Module({
    imports: [CorsModule.forRoot({ origin: APP, ...options })],
    controllers: [ListedController, ImagesController],
  })
  class AppModule {}
  const log = new RecordedLog();
  const running = await startApp(platform, AppModule, { configure, application: { logger: log } });
  try {
    for (const path of paths) {
      expect((await running.request({ path, headers: { Origin: APP } })).status).toBeLessThan(500);
      await running.request({ path });
    }
  } finally {
    await running.close();
  }
  return log.warnings.filter((line) => line.startsWith('corp-blocks-embeds'));
}

describePlatforms('the warning corp-blocks-embeds', (platform) => {
  const useHelmet = (app: INestApplication) =>
    platform.name === 'express'
      ? (app as NestExpressApplication).use(helmet())
      : (app as NestFastifyApplication).register(fastifyHelmet as never);

  it('names the first route of any origin that helmet keeps from being embedded, once', async () => {
    const warnings = await warningsOf(platform, ['/listed', '/nowhere', '/images', '/images/header'], useHelmet);
    expect(warnings).toEqual([
      'corp-blocks-embeds in ImagesController.plain: This route is open to every origin, but other code (helmet by ' +
        'default) sends Cross-Origin-Resource-Policy: same-origin. Scripts can fetch the response. Without the ' +
        'attribute `crossorigin`, pages of other origins cannot embed it, for example in <img> or <script>, whether ' +
        "or not they send Cross-Origin-Embedder-Policy.\n  Write `resourcePolicy: 'cross-origin'` in the policy of " +
        "the route, or in `CorsModule.forRoot()`. To silence this: `diagnostics: { silence: ['corp-blocks-embeds'] }`.",
    ]);
  });

  it('is about useSecurityHeaders too, and about paths without a handler', async () => {
    const useSecurityHeaders = (app: INestApplication) => app.useSecurityHeaders();
    const [warning, ...more] = await warningsOf(platform, ['/nowhere'], useSecurityHeaders, { origin: '*' });
    expect(warning).toContain('corp-blocks-embeds in CorsModule: ');
    expect(more).toEqual([]);
  });

  it.each(['header', 'raw', 'raw-list'])('sees a header that the handler sets: %s', async (name) => {
    expect(await warningsOf(platform, [`/images/${name}`])).toHaveLength(1);
  });

  describe('is not logged', () => {
    it('without the header, or with another value', async () => {
      expect(await warningsOf(platform, ['/images', '/images/same-site', '/listed'])).toEqual([]);
    });

    it('for a route that lists its origins', async () => {
      expect(await warningsOf(platform, ['/listed', '/nowhere'], useHelmet)).toEqual([]);
    });

    it('where resourcePolicy is set, whatever its value', async () => {
      expect(await warningsOf(platform, ['/images/own', '/images/chosen'], useHelmet)).toEqual([]);
    });

    it('for a handler that replaces the header of helmet', async () => {
      expect(await warningsOf(platform, ['/images/allowed', '/images/raw-allowed'], useHelmet)).toEqual([]);
    });

    it('if it is silenced', async () => {
      const diagnostics = { silence: ['corp-blocks-embeds'] };
      expect(await warningsOf(platform, ['/images'], useHelmet, { diagnostics })).toEqual([]);
    });
  });
});
