import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { CorsModule, CorsService } from 'nestjs-cors';
import { corsConfig } from 'nestjs-cors/config';
import { PLATFORMS } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';

@Module({ imports: [ConfigModule.forRoot({ load: [corsConfig] }), CorsModule.forRootAsync(corsConfig.asProvider())] })
class Root {}

it.each(PLATFORMS)(
  'an explanation names the variable to set, where corsConfig has the policy ($name)',
  async (platform) => {
    process.env.CORS_ORIGINS = APP;
    const app = await NestFactory.create(Root, platform.createAdapter(), { logger: false });
    try {
      await app.init();
      const explanation = await app.get(CorsService).explain({ url: '/', origin: ADMIN });
      expect(String(explanation)).toContain(`, set \`CORS_ORIGINS=${APP},${ADMIN}\` in the environment.`);
    } finally {
      delete process.env.CORS_ORIGINS;
      await app.close();
    }
  },
);
