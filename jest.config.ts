/** @jest-config-loader esbuild-register */
import vm from 'node:vm';
import type { Config } from 'jest';

// With `node --experimental-vm-modules` the tests run as real ESM against Nest 12 as shipped.
// Without the flag (plain `npx jest`) everything ESM is transformed to CommonJS instead.
const esm = 'SyntheticModule' in vm;
const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: esm ? 'es6' : 'commonjs' },
};
const esmDependencies = [
  '@nestjs',
  '@tokenizer',
  'cookie',
  'file-type',
  'load-esm',
  'strtok3',
  'token-types',
  'uint8array-extras',
];

const config: Config = {
  testEnvironment: 'node',
  // Ends what hangs, also on a machine that is busy with other things. In milliseconds.
  testTimeout: 30_000,
  // Jest would leave a core idle, which on two is half the machine.
  maxWorkers: '100%',
  // As ES modules, what a suite loads stays in memory. On a busy machine, a process of half a gigabyte needed longer to
  // end than the half second that Jest waits, although it had no open handle. This limit is for the heap alone.
  workerIdleMemoryLimit: '400MB',
  // Also the source: files that no test loads count in the coverage.
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/sample'],
  testMatch: ['**/*.spec.ts'],
  setupFiles: ['<rootDir>/test/support/property-seed.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/browser/'],
  moduleNameMapper: {
    '^nestjs-cors$': '<rootDir>/src/index.ts',
    '^nestjs-cors/config$': '<rootDir>/src/config/index.ts',
    '^nestjs-cors/testing$': '<rootDir>/src/testing/index.ts',
    '^nestjs-cors/websockets$': '<rootDir>/src/websockets/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: [['text', { skipFull: true }], 'lcovonly'],
  coverageThreshold: { global: { branches: 95 } },
  ...(esm
    ? { extensionsToTreatAsEsm: ['.ts'], transform: { '\\.ts$': ['@swc/jest', swc] } }
    : {
        transform: { '\\.(ts|js|mjs)$': ['@swc/jest', swc] },
        transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(${esmDependencies.join('|')})/)`],
      }),
};
export default config;
