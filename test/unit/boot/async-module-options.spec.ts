import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { CorsConfigurationError, CorsModule, type CorsModuleAsyncOptions, type CorsProblem } from 'nestjs-cors';
import { boot, codesOf } from './boot.js';

function problemsOf(options: unknown): readonly CorsProblem[] {
  try {
    CorsModule.forRootAsync(options as CorsModuleAsyncOptions);
    return [];
  } catch (error) {
    if (!(error instanceof CorsConfigurationError)) {
      throw error;
    }
    return error.problems;
  }
}

const useFactory = () => ({ origin: 'https://app.example.com' });

describe('the argument of forRootAsync()', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  class Getters {
    get useFactory() {
      return useFactory;
    }
  }

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'The options are undefined but must be a plain object (set at CorsModule).'],
    ['null', null, 'The options are null but must be a plain object (set at CorsModule).'],
    ['a function', useFactory, 'The options are function useFactory but must be a plain object (set at CorsModule).'],
    [
      'a Map',
      new Map([['useFactory', useFactory]]),
      'The options are an instance of Map but must be a plain object (set at CorsModule).',
    ],
    [
      'a class with getters',
      new Getters(),
      'The options are an instance of Getters with inherited options (useFactory) but must have own properties, because inherited ones are ignored (set at CorsModule).',
    ],
    [
      'a revoked proxy',
      revoked.proxy,
      "The options are an object that cannot be read (it threw 'Cannot perform \\'IsArray\\' on a proxy that has been revoked') but must be a plain object (set at CorsModule).",
    ],
    [
      'a list instead of a factory',
      { useFactory: [useFactory] },
      'useFactory is [function useFactory] but must be a function that returns options (set at CorsModule).',
    ],
    [
      'a token instead of a list of tokens',
      { useFactory, inject: 'CONFIG' },
      "inject is 'CONFIG' but must be a list of tokens (set at CorsModule).",
    ],
  ])('is reported at once if it is %s', (_, value, message) => {
    expect(problemsOf(value)).toMatchObject([{ code: 'option-type', targets: ['CorsModule'], message }]);
  });

  it.each([[{}], [{ useFactory, useClass: Getters }], [{ useFactory: undefined }]])(
    '%p does not name exactly one way',
    (value) => {
      expect(problemsOf(value)).toMatchObject([{ code: 'option-type', targets: ['CorsModule'] }]);
    },
  );

  it('is reported if it has policy options beside the factory', () => {
    expect(problemsOf({ useFactory, enforce: 'all' })).toMatchObject([
      {
        code: 'option-unknown',
        property: 'enforce',
        value: 'all',
        message: 'enforce is not an option (set at CorsModule).',
        remedy: 'Return it with the other options: `useFactory: () => ({ enforce: ... })`.',
      },
    ]);
    expect(problemsOf({ useFactry: useFactory })).toMatchObject([
      { code: 'option-unknown', property: 'useFactry', remedy: expect.stringMatching(/^Did you mean `.*useFactory: /) },
    ]);
  });

  it('may be frozen, and stays unchanged', async () => {
    const options = Object.freeze({ imports: Object.freeze([]), inject: Object.freeze([]), useFactory });
    @Module({ imports: [CorsModule.forRootAsync(options as unknown as CorsModuleAsyncOptions)] })
    class Root {}
    expect(codesOf(await boot(Root))).toEqual([]);
  });
});

describe('the result of a factory', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'The options are undefined but must be a plain object (set at CorsModule).'],
    ['a promise of a Map', Promise.resolve(new Map()), 'The options are an instance of Map but'],
  ])('stops the boot if it is %s', async (_, returned, message) => {
    @Module({ imports: [CorsModule.forRootAsync({ useFactory: () => returned as never })] })
    class Root {}
    const { problems } = await boot(Root);
    expect(problems).toMatchObject([{ code: 'option-type', targets: ['CorsModule'] }]);
    expect(problems[0]?.message).toContain(message);
  });
});
