// The versions that the package supports, and the exact versions that represent them, so that the matrix is repeatable.
// Their dependencies are fixed by a date: nothing that was published later is installed.
export const PUBLISHED_BEFORE = '2026-11-22';

/** The minimum of `engines` exactly, then the newest version of each release line. */
export const NODES = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'];

export const PLATFORMS = ['express', 'fastify'];

/**
 * The packages of every consumer, without its platform.
 *
 * @type {(nest: Record<string, string>) => Record<string, string>}
 */
const base = ({ common, core, testing, typescript }) => ({
  '@nestjs/common': common,
  '@nestjs/core': core,
  '@nestjs/testing': testing,
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  '@types/express': '5.0.4',
  '@types/node': '24.19.2',
  typescript,
});

const NEST_11_BUILDERS = {
  '@nestjs/cli': '11.0.24',
  '@swc/cli': '0.8.1',
  '@swc/core': '1.16.18',
  'ts-loader': '9.6.2',
};
const NEST_12_BUILDERS = {
  '@nestjs/cli': '12.0.8',
  '@swc/cli': '0.8.1',
  'fork-ts-checker-webpack-plugin': '9.1.0',
  'ts-loader': '9.6.2',
  'tsconfig-paths-webpack-plugin': '4.2.0',
  webpack: '5.112.2',
  'webpack-node-externals': '3.0.0',
};
const TS_JEST = { '@types/jest': '30.0.0', jest: '30.5.2', 'ts-jest': '29.4.15' };

/**
 * One installation: a version of Nest and the projects that share its node_modules.
 *
 * @typedef {object} Installation
 * @property {string} name the name of its folder
 * @property {string} nest the version of @nestjs/core
 * @property {boolean} quick whether `--quick` includes it
 * @property {Record<string, string>} packages
 * @property {Record<string, string>} builders packages for `nest build` only
 * @property {Record<'express' | 'fastify', string>} platforms versions of the platform packages
 * @property {Project[]} projects
 */

/**
 * A project as `nest new` creates it.
 *
 * @typedef {object} Project
 * @property {'commonjs' | 'es modules'} modules
 * @property {string[]} builders
 * @property {Runner[]} runners
 * @property {boolean} quick whether `--quick` includes it
 */

/**
 * A test runner of a project.
 *
 * @typedef {object} Runner
 * @property {string} name
 * @property {string[]} flags flags for Node
 * @property {[number, number]} [node] the first Node that it supports: major and minor version
 * @property {string} [because] why it does not support earlier ones
 */

/** The flags in the test scripts of Nest 12 projects. */
const ES_MODULES_IN_JEST = ['--experimental-vm-modules', '--no-warnings'];

const BUILDERS = ['tsc', 'swc', 'webpack'];

/** @type {Installation[]} */
export const INSTALLATIONS = [
  {
    name: 'nest-11-oldest',
    nest: '11.1.4',
    quick: true,
    packages: { ...base({ common: '11.1.4', core: '11.1.4', testing: '11.1.4', typescript: '5.9.3' }), ...TS_JEST },
    builders: NEST_11_BUILDERS,
    platforms: { express: '11.1.4', fastify: '11.1.4' },
    projects: [{ modules: 'commonjs', builders: BUILDERS, runners: [{ name: 'ts-jest', flags: [] }], quick: true }],
  },
  {
    name: 'nest-11',
    nest: '11.2.10',
    quick: false,
    packages: { ...base({ common: '11.2.10', core: '11.2.10', testing: '11.2.6', typescript: '5.9.3' }), ...TS_JEST },
    builders: NEST_11_BUILDERS,
    platforms: { express: '11.2.10', fastify: '11.2.8' },
    projects: [{ modules: 'commonjs', builders: BUILDERS, runners: [{ name: 'ts-jest', flags: [] }], quick: false }],
  },
  {
    name: 'nest-12',
    nest: '12.5.1',
    quick: true,
    packages: {
      ...base({ common: '12.5.1', core: '12.5.1', testing: '12.1.1', typescript: '6.0.3' }),
      ...TS_JEST,
      '@swc/core': '1.16.18',
      '@swc/jest': '0.2.39',
      vite: '8.3.8',
      vitest: '4.1.12',
    },
    builders: NEST_12_BUILDERS,
    platforms: { express: '12.5.1', fastify: '12.5.0' },
    projects: [
      {
        modules: 'es modules',
        builders: BUILDERS,
        runners: [
          { name: 'jest', flags: ES_MODULES_IN_JEST },
          { name: 'vitest', flags: [] },
        ],
        quick: true,
      },
      {
        modules: 'commonjs',
        builders: BUILDERS,
        runners: [
          {
            name: 'ts-jest',
            flags: ES_MODULES_IN_JEST,
            node: [24, 9],
            because: 'before Node 24.9 Jest cannot require ES modules, which Nest 12 is',
          },
        ],
        quick: false,
      },
    ],
  },
];
