import fs from 'node:fs';
import path from 'node:path';
import { runCommand } from '../lib/run-command.mjs';

const SOURCES = path.join(import.meta.dirname, 'consumer');
/** Files of the consumer that are not part of its source. */
const TOOL_FILES = new Set(['webpack-build.mjs']);
/** A file that only projects with this platform or these modules have. */
const VARIANT = /^([\w-]+)\.(express|fastify|commonjs|es-modules)\.ts$/;

/**
 * Writes a project with the settings of `nest new`, next to its node_modules.
 *
 * @param {{ folder: string, nest: string, modules: 'commonjs' | 'es modules', platform: 'express' | 'fastify',
 * node_modules: string }}
 * project `folder` must not exist yet
 */
export function writeProject({ folder, nest, modules, platform, node_modules }) {
  const esModules = modules === 'es modules';
  const nest12 = !nest.startsWith('11.');
  fs.mkdirSync(path.join(folder, 'src'), { recursive: true });
  fs.symlinkSync(node_modules, path.join(folder, 'node_modules'), 'dir');
  for (const [name, content] of Object.entries(settings(esModules, nest12))) {
    fs.writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  for (const name of fs.readdirSync(SOURCES)) {
    const text = fs.readFileSync(path.join(SOURCES, name), 'utf8');
    const [, base, variant] = VARIANT.exec(name) ?? [];
    if (TOOL_FILES.has(name)) {
      fs.writeFileSync(path.join(folder, name), text);
    } else if (variant === undefined || variant === platform || variant === modules.replace(' ', '-')) {
      const file = base === undefined ? name : `${base}.ts`;
      fs.writeFileSync(path.join(folder, 'src', file), relativeImports(text, esModules));
    }
  }
}

/** Only ES modules import files with their extension. */
function relativeImports(text, esModules) {
  return esModules ? text.replace(/from '(\.\/[^']+)'/g, "from '$1.js'") : text;
}

function settings(esModules, nest12) {
  const files = {
    'package.json': {
      name: 'consumer',
      version: '0.0.1',
      private: true,
      ...(esModules ? { type: 'module' } : {}),
    },
    'nest-cli.json': {
      collection: '@nestjs/schematics',
      sourceRoot: 'src',
      compilerOptions: { deleteOutDir: true },
    },
    'tsconfig.json': {
      compilerOptions: {
        target: 'ES2023',
        module: 'nodenext',
        moduleResolution: 'nodenext',
        resolvePackageJsonExports: true,
        esModuleInterop: true,
        allowSyntheticDefaultImports: true,
        isolatedModules: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        declaration: true,
        removeComments: true,
        sourceMap: true,
        strict: true,
        strictPropertyInitialization: false,
        outDir: './dist',
        // Projects of Nest 11 have no `rootDir`. With one, its swc builder writes the files elsewhere.
        ...(nest12 ? { rootDir: '.' } : {}),
        types: esModules ? ['vitest/globals', 'node'] : ['jest', 'node'],
      },
    },
    'tsconfig.build.json': {
      extends: './tsconfig.json',
      ...(nest12 ? { compilerOptions: { rootDir: './src' } } : {}),
      include: ['src'],
      exclude: ['node_modules', 'dist', '**/*.spec.ts'],
    },
  };
  const jest = { moduleFileExtensions: ['js', 'json', 'ts'], rootDir: 'src', testRegex: '\\.spec\\.ts$' };
  if (!esModules) {
    return { ...files, 'jest.config.json': { ...jest, transform: { '\\.ts$': 'ts-jest' } } };
  }
  const swc = {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'es6' },
  };
  return {
    ...files,
    'jest.config.json': {
      ...jest,
      extensionsToTreatAsEsm: ['.ts'],
      moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
      transform: { '\\.ts$': ['@swc/jest', swc] },
    },
    'vitest.config.ts':
      "import { defineConfig } from 'vitest/config';\n" +
      "export default defineConfig({ test: { globals: true, include: ['src/**/*.spec.ts'] } });\n",
  };
}

/**
 * Builds a project and returns the output.
 *
 * @param {{ folder: string, builder: string, modules: string, nestCli: boolean }} build without `nestCli`, tsc is
 * called directly
 * @returns {Promise<{ code: number, output: string, main: string }>} `main` is the file to run
 */
export async function build({ folder, builder, modules, nestCli }) {
  const dist = path.join(folder, 'dist');
  fs.rmSync(dist, { recursive: true, force: true });
  const { code, output } = await runCommand(process.execPath, buildArguments(builder, modules, nestCli), {
    cwd: folder,
    quiet: true,
    minutes: 4,
  });
  const kept = path.join(folder, `dist-${builder}`);
  fs.rmSync(kept, { recursive: true, force: true });
  const main = path.join(kept, 'main.js');
  if (code !== 0) {
    return { code, output, main };
  }
  if (!fs.existsSync(path.join(dist, 'main.js'))) {
    return { code: 1, output: `${output}\nno dist/main.js`, main };
  }
  fs.renameSync(dist, kept);
  return { code, output, main };
}

function buildArguments(builder, modules, nestCli) {
  if (!nestCli) {
    return ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'];
  }
  if (builder === 'webpack' && modules === 'es modules') {
    return ['webpack-build.mjs'];
  }
  return ['node_modules/@nestjs/cli/bin/nest.js', 'build', '--builder', builder];
}

/**
 * Checks the types of a project and its tests. No runner does: they remove types and do not check them.
 *
 * @param {string} folder
 * @returns {Promise<{ code: number, output: string }>}
 */
export function checkTypes(folder) {
  const args = ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'];
  return runCommand(process.execPath, args, { cwd: folder, quiet: true, minutes: 4 });
}

/**
 * Runs a project's own tests.
 *
 * @param {{ folder: string, runner: import('./promises.mjs').Runner, node: string }} test `node` is the program
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runTests({ folder, runner, node }) {
  const args =
    runner.name === 'vitest'
      ? ['node_modules/vitest/vitest.mjs', 'run']
      : ['node_modules/jest/bin/jest.js', '--config', 'jest.config.json', '--runInBand', '--no-cache'];
  return runCommand(node, [...runner.flags, ...args], {
    cwd: folder,
    quiet: true,
    minutes: 3,
    env: cleanEnvironment(),
  });
}

/** The environment without the variables of the tools that run this script. */
function cleanEnvironment() {
  const { NODE_OPTIONS: _, JEST_WORKER_ID: __, NODE_ENV: ___, ...environment } = process.env;
  return { ...environment, NO_COLOR: '1' };
}
