import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { describePlatforms } from '../../support/platforms.js';
import { RecordedLog } from '../../unit/boot/boot.js';
import { applicationWith, warningAbout } from './replaced-call.js';

const HERE = 'test/e2e/enable-cors/caller.spec.ts';
const FILES = {
  'node_modules/acme-auth/index.js': 'exports.setUp = (app) => app.enableCors();',
  'node_modules/@acme/auth/index.mjs': 'export const setUp = (app) => app.enableCors();',
  'setup.mjs': 'export const setUp = (app) => app.enableCors();',
};

const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'enable cors (1) '));

interface Library {
  setUp(app: INestApplication): void;
}

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const requireFile = (name: string): Library => createRequire(import.meta.url)(path.join(folder, name));
const importFile = (name: string): Promise<Library> => import(pathToFileURL(path.join(folder, name)).href);

describePlatforms('the warning about enableCors()', (platform) => {
  it.each<[string, () => Library | Promise<Library>, string]>([
    ['a CommonJS package', () => requireFile('node_modules/acme-auth/index.js'), 'The package `acme-auth` calls'],
    [
      'a scoped package of ES modules',
      () => importFile('node_modules/@acme/auth/index.mjs'),
      'The package `@acme/auth` calls',
    ],
    [
      'a file elsewhere',
      () => importFile('setup.mjs'),
      `\`${path.join(folder, 'setup.mjs').split(path.sep).slice(-3).join('/')}\` calls`,
    ],
    ['the application', () => ({ setUp: (app) => app.enableCors() }), `\`${HERE}\` calls`],
    ['the adapter', () => ({ setUp: (app) => app.getHttpAdapter().enableCors({}) }), `\`${HERE}\` calls`],
  ])('says that %s calls it', async (_, load, expected) => {
    const { setUp } = await load();
    const warning = await warningAbout(platform, { configure: setUp });
    expect(warning.split('\n')[0]).toContain(`enable-cors-active in enableCors(): ${expected} enableCors()`);
    expect(warning).not.toContain(folder);
    expect(warning).not.toContain(process.cwd());
  });

  it.each([true, {}, { origin: 'https://app.example.com' }])(
    'says that the option `cors` of NestFactory.create() makes the call: %j',
    async (cors) => {
      const warning = await warningAbout(platform, { application: { cors } });
      expect(warning).toContain('The option `cors` of NestFactory.create() calls enableCors()');
      expect(warning).toContain('Remove the option `cors`.');
    },
  );

  const testingModule = async (application: object) => {
    const logger = new RecordedLog();
    const module = await Test.createTestingModule({ imports: [applicationWith({})] }).compile();
    return {
      create: () => module.createNestApplication(platform.createAdapter() as never, { ...application, logger }),
      warnings: () => logger.warnings.filter((line) => line.includes('enableCors')),
    };
  };

  it('is logged once for each application of a testing module, however often it is called', async () => {
    const { create, warnings } = await testingModule({});
    const first = create();
    first.enableCors({ origin: 'https://app.example.com' });
    if (platform.name === 'express') {
      first.enableCors(); // Fastify refuses a second call
    }
    await first.init();
    expect(warnings()).toEqual([expect.stringContaining(`\`${HERE}\` calls`)]);
    const second = create();
    second.enableCors();
    await second.init();
    await first.close();
    expect(warnings()).toEqual([
      expect.stringContaining("origin: 'https://app.example.com'"),
      expect.stringContaining("origin: '*'"),
    ]);
  });

  it('is logged once for the option `cors` of a testing module', async () => {
    const { create, warnings } = await testingModule({ cors: true });
    const app = create();
    await app.init();
    await app.close();
    expect(warnings()).toEqual([expect.stringContaining('The option `cors`')]);
  });

  it.each([
    ['a call', {}],
    ['the option `cors`', { cors: true }],
  ])('is silenced for %s', async (_, application) => {
    const log = new RecordedLog();
    const root = applicationWith({ diagnostics: { silence: ['enable-cors-active'] } });
    const app = await NestFactory.create(root, platform.createAdapter(), { ...application, logger: log });
    if (!('cors' in application)) {
      app.enableCors();
    }
    await app.init();
    await app.close();
    expect(log.warnings).toEqual([]);
  });
});

describe('the folder of the packages', () => {
  it('is a path that stacks write in several forms', () => {
    expect(folder).toMatch(/ \(1\) /);
  });
});
