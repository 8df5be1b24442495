import type { ModuleMetadata } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Platform } from '../../support/start-app.js';

/** `@nestjs/testing`, with the platform of the test unless a block names one. */
export function platformTesting(platform: Platform): Record<string, unknown> {
  return {
    Test: {
      createTestingModule: (metadata: ModuleMetadata) => {
        const builder = Test.createTestingModule(metadata);
        const { compile } = builder;
        return Object.assign(builder, {
          compile: async (...rest: Parameters<typeof compile>) =>
            withPlatform(await compile.apply(builder, rest), platform),
        });
      },
    },
  };
}

function withPlatform(testing: TestingModule, platform: Platform): TestingModule {
  const create = testing.createNestApplication.bind(testing) as (...given: object[]) => unknown;
  return Object.assign(testing, {
    createNestApplication: (...given: object[]) => {
      const named = given.some((argument) => 'getHttpServer' in argument);
      return named ? create(...given) : create(platform.createAdapter() as AbstractHttpAdapter, ...given);
    },
  });
}
