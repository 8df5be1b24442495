import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Cors, CorsModule } from 'nestjs-cors';
import { NormalizedPaths } from '../../../src/boot/routes/normalized-paths.js';
import { RecordedLog } from './boot.js';

@Controller()
class FilesController {
  @Cors({ maxAge: 5 }) @Get('files/*') file(): void {}
  @Get('plain') plain(): void {}
}

@Module({ imports: [CorsModule.forRoot({ origin: 'https://app.example.com' })], controllers: [FilesController] })
class ApplicationModule {}

class Adapter {
  readonly asked: string[] = [];
  normalizePath(path: string): string {
    this.asked.push(path);
    if (path === '/broken') {
      throw new TypeError('Missing parameter name');
    }
    return path.replace(/\*.*$/, '*path');
  }
}

describe('the normalized paths of an adapter', () => {
  it('are requested once for each path, so that Express’s adapter logs one warning', async () => {
    const log = new RecordedLog();
    const adapter = new ExpressAdapter();
    const app = await NestFactory.create(ApplicationModule, adapter, { logger: log, abortOnError: false });
    await app.init();
    await app.close();
    expect(log.warnings.filter((line) => line.includes('/files/*'))).toHaveLength(1);
    expect(Object.hasOwn(adapter, 'normalizePath')).toBe(false);
  });

  it('are known after Nest normalizes a path, until they are released', () => {
    const adapter = new Adapter();
    const paths = new NormalizedPaths(adapter);
    expect([paths.normalized('/a/*'), paths.originals('/a/*path')]).toEqual(['/a/*', ['/a/*path']]); // Nest has not normalized it yet
    expect(['/a/*', '/a/*rest', '/b', '/a/*'].map((path) => adapter.normalizePath(path))).toEqual([
      '/a/*path',
      '/a/*path',
      '/b',
      '/a/*path',
    ]);
    expect(['/a/*', '/a/*rest', '/b', '/c'].map((path) => paths.normalized(path))).toEqual([
      '/a/*path',
      '/a/*path',
      '/b',
      '/c',
    ]);
    expect(['/a/*path', '/a/*', '/b'].map((form) => paths.originals(form))).toEqual([
      ['/a/*path', '/a/*', '/a/*rest'],
      [], // Nest registers the normalized path
      ['/b'],
    ]);
    paths.release();
    expect([paths.normalized('/a/*'), paths.originals('/a/*path')]).toEqual(['/a/*', ['/a/*path']]);
    expect(adapter.asked).toEqual(['/a/*', '/a/*rest', '/b', '/a/*']);
    expect(Object.hasOwn(adapter, 'normalizePath')).toBe(false);
  });

  it('show that Nest registers routes, until the synchronous run ends in which Nest normalizes a path', async () => {
    const adapter = new Adapter();
    const paths = new NormalizedPaths(adapter);
    expect(paths.isNestRegistering).toBe(false);
    adapter.normalizePath('/b');
    adapter.normalizePath('/a/*');
    expect(paths.isNestRegistering).toBe(true);
    await Promise.resolve();
    expect(paths.isNestRegistering).toBe(false);
    adapter.normalizePath('/b');
    paths.release();
    expect(paths.isNestRegistering).toBe(false);
  });

  it('throw the error of the adapter, each time', () => {
    const adapter = new Adapter();
    const paths = new NormalizedPaths(adapter);
    for (const _ of [1, 2]) {
      expect(() => adapter.normalizePath('/broken')).toThrow(new TypeError('Missing parameter name'));
    }
    expect(paths.normalized('/broken')).toBe('/broken');
  });

  it('are the paths themselves if the adapter does not normalize', () => {
    const adapter: { normalizePath?(path: string): string } = {};
    const paths = new NormalizedPaths(adapter);
    expect(adapter.normalizePath?.('/a/*')).toBe('/a/*');
    expect([paths.normalized('/a/*'), paths.originals('/a/*')]).toEqual(['/a/*', ['/a/*']]);
    paths.release();
    expect(adapter).toEqual({});
  });

  it('restore the method of the adapter, unless other code has replaced it since', () => {
    const own = (path: string) => `${path}/own`;
    const adapter: { normalizePath(path: string): string } = { normalizePath: own };
    const paths = new NormalizedPaths(adapter);
    expect(adapter.normalizePath('/a')).toBe('/a/own');
    paths.release();
    expect(adapter.normalizePath).toBe(own);

    const replaced = new NormalizedPaths(adapter);
    const later = (path: string) => `${path}/later`;
    adapter.normalizePath = later;
    replaced.release();
    expect(adapter.normalizePath).toBe(later);
  });
});
