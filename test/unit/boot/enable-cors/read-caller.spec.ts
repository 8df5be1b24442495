import { afterEach, describe, expect, it } from '@jest/globals';
import { callerOf, readCaller } from '../../../../src/boot/enable-cors/read-caller.js';

/** The frames of Nest 12 between `app.enableCors()` and the adapter. */
const NEST = [
  '    at NestApplication.enableCors (file:///srv/app/node_modules/@nestjs/core/nest-application.js:279:26)',
  '    at file:///srv/app/node_modules/@nestjs/core/nest-factory.js:168:40',
  '    at Function.run (file:///srv/app/node_modules/@nestjs/core/errors/exceptions-zone.js:9:13)',
  '    at Proxy.<anonymous> (file:///srv/app/node_modules/@nestjs/core/nest-factory.js:167:28)',
];
const MAIN = '    at bootstrap (file:///srv/app/dist/main.js:8:7)';
const OPTION =
  '    at NestApplication.applyOptions (file:///srv/app/node_modules/@nestjs/core/nest-application.js:90:25)';

/** Stacks as engines, loaders and package managers write them, below the frames of Nest. */
const STACKS: Readonly<Record<string, readonly [directory: string, frames: readonly string[], expected: unknown]>> = {
  'a file in ES modules': ['/srv/app', [MAIN], { kind: 'file', name: 'dist/main.js' }],
  'a file in CommonJS': [
    '/srv/app',
    [
      '    at bootstrap (/srv/app/dist/main.js:8:7)',
      '    at Module._compile (node:internal/modules/cjs/loader:1554:14)',
    ],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'a frame without a function': [
    '/srv/app',
    ['    at /srv/app/dist/main.js:8:7'],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'an async frame': ['/srv/app', ['    at async file:///srv/app/main.mjs:4:1'], { kind: 'file', name: 'main.mjs' }],
  'a path with spaces and brackets': [
    '/srv/my (old) app',
    ['    at setUp [as run] (/srv/my (old) app/src/main.ts:8:7)'],
    { kind: 'file', name: 'src/main.ts' },
  ],
  'an encoded URL': ['/srv/my app', ['    at file:///srv/my%20app/main.mjs:4:1'], { kind: 'file', name: 'main.mjs' }],
  'a URL with a query': ['/srv/app', ['    at file:///srv/app/main.ts?v=1:4:1'], { kind: 'file', name: 'main.ts' }],
  'Windows, in CommonJS': [
    'C:\\srv\\app',
    ['    at bootstrap (c:\\srv\\app\\dist\\main.js:8:7)'],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'Windows, in ES modules': [
    'C:\\srv\\app',
    ['    at bootstrap (file:///C:/srv/app/dist/main.js:8:7)'],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'a package on Windows': [
    'C:\\srv\\app',
    ['    at setUp (C:\\srv\\app\\node_modules\\@acme\\auth\\index.js:3:7)', MAIN],
    { kind: 'package', name: '@acme/auth' },
  ],
  'a package': [
    '/srv/app',
    ['    at setUp (/srv/app/node_modules/acme-auth/lib/index.js:3:7)', MAIN],
    { kind: 'package', name: 'acme-auth' },
  ],
  'a package in ES modules': [
    '/srv/app',
    ['    at file:///srv/app/node_modules/@acme/auth/index.js:3:7', MAIN],
    { kind: 'package', name: '@acme/auth' },
  ],
  'a package of pnpm': [
    '/srv/app',
    [
      '    at setUp (/srv/app/node_modules/.pnpm/@acme+auth@1.2.0_@nestjs+core@12.5.1/node_modules/@acme/auth/index.js:3:7)',
    ],
    { kind: 'package', name: '@acme/auth' },
  ],
  'Nest by pnpm': [
    '/srv/app',
    [
      '    at NestApplication.enableCors (/srv/app/node_modules/.pnpm/@nestjs+core@12.5.1/node_modules/@nestjs/core/nest-application.js:279:26)',
      MAIN,
    ],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'a package in a zip archive of Yarn': [
    '/srv/app',
    ['    at setUp (/srv/app/.yarn/cache/acme-auth-npm-1.2.0-0123456789.zip/node_modules/acme-auth/index.js:3:7)'],
    { kind: 'package', name: 'acme-auth' },
  ],
  'a package below another one': [
    '/srv/app',
    ['    at setUp (/srv/app/node_modules/acme-kit/node_modules/acme-auth/index.js:3:7)'],
    { kind: 'package', name: 'acme-auth' },
  ],
  'another package of Nest': [
    '/srv/app',
    ['    at setUp (/srv/app/node_modules/@nestjs/terminus/index.js:3:7)', MAIN],
    { kind: 'package', name: '@nestjs/terminus' },
  ],
  'a testing module': [
    '/srv/app',
    [
      '    at Proxy.<anonymous> (/srv/app/node_modules/@nestjs/testing/testing-module.js:110:40)',
      '    at /srv/app/a.spec.ts:3:9',
    ],
    { kind: 'file', name: 'a.spec.ts' },
  ],
  'this package': [
    '/srv/app',
    ['    at callee (/srv/app/node_modules/nestjs-cors/dist/cjs/core.js:3:7)', MAIN],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'the option of NestFactory.create()': [
    '/srv/app',
    [
      OPTION,
      '    at NestApplication.init (file:///srv/app/node_modules/@nestjs/core/nest-application.js:128:14)',
      MAIN,
    ],
    { kind: 'option' },
  ],
  'the option of createNestApplication()': [
    '/srv/app',
    ['    at Proxy.applyOptions (/srv/app/node_modules/@nestjs/core/nest-application.js:90:25)', MAIN],
    { kind: 'option' },
  ],
  'the option of NestFactory.create() in a bundle': [
    '/srv/app',
    [
      '    at _NestApplication.enableCors (/srv/app/dist/main.js:27350:26)',
      '    at _NestApplication.applyOptions (/srv/app/dist/main.js:27254:23)',
      '    at start (/srv/app/dist/main.js:9:9)',
    ],
    { kind: 'option' },
  ],
  'a call in a bundle': [
    '/srv/app',
    [
      '    at NestApplication.enableCors (/srv/app/dist/nest.js:350:26)',
      '    at start (webpack://app/./src/main.ts:9:9)',
    ],
    { kind: 'file', name: 'src/main.ts' },
  ],
  'a function of the application with the name of one of Nest': [
    '/srv/app',
    ['    at Settings.applyOptions (/srv/app/dist/settings.js:3:7)'],
    { kind: 'file', name: 'dist/settings.js' },
  ],
  'a bundle': ['/srv/app', ['    at setUp (webpack://app/./src/main.ts:8:7)'], { kind: 'file', name: 'src/main.ts' }],
  'a package in a bundle': [
    '/srv/app',
    ['    at setUp (webpack-internal:///./node_modules/acme-auth/index.js:8:7)'],
    { kind: 'package', name: 'acme-auth' },
  ],
  'evaluated code': [
    '/srv/app',
    ['    at eval (eval at setUp (/srv/app/dist/main.js:3:7), <anonymous>:1:1)'],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'native frames before it': [
    '/srv/app',
    ['    at Array.forEach (<anonymous>)', '    at async Promise.all (index 0)', '    at native', MAIN],
    { kind: 'file', name: 'dist/main.js' },
  ],
  'a file elsewhere': [
    '/srv/app',
    ['    at /home/me/lib/src/setup.js:3:7'],
    { kind: 'file', name: 'lib/src/setup.js' },
  ],
  'a package of the same workspace': [
    '/srv/shop/apps/api',
    ['    at exports.setUp (/srv/shop/packages/auth/dist/index.js:3:7)'],
    { kind: 'file', name: 'auth/dist/index.js' },
  ],
  'a file on another drive': ['C:\\app', ['    at D:\\lib\\setup.js:3:7'], { kind: 'file', name: 'lib/setup.js' }],
  'a neighbour of the working directory': [
    '/srv/app',
    ['    at /srv/application/a.js:3:7'],
    { kind: 'file', name: 'srv/application/a.js' },
  ],
  'a mapped file above the working directory': [
    '/srv/app',
    ['    at ../../lib/a.ts:3:7'],
    { kind: 'file', name: 'lib/a.ts' },
  ],
  'a name that would break the line': [
    '/srv/app',
    ['    at /srv/app/a`\u001b[31m.js:3:7'],
    { kind: 'file', name: 'a\\u0060\\u001b[31m.js' },
  ],
  'no frame': ['/srv/app', [], undefined],
  'frames in another form': ['/srv/app', ['setUp@/srv/app/main.js'], undefined],
};

describe('the caller of enableCors()', () => {
  it.each(Object.entries(STACKS))('is found in a stack with %s', (_, [directory, frames, expected]) => {
    expect(readCaller(['Error', ...NEST, ...frames], directory)).toEqual(expected);
  });

  it('is named by at most 120 characters', () => {
    const frame = `    at /srv/app/${'a'.repeat(5000)}.js:3:7`;
    expect(readCaller([frame], '/srv/app')).toEqual({ kind: 'file', name: `${'a'.repeat(117)}.js` });
  });
});

describe('the stack of a call', () => {
  const { stackTraceLimit } = Error;
  const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  afterEach(() => {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepare === undefined) {
      Reflect.deleteProperty(Error, 'prepareStackTrace');
    } else {
      Object.defineProperty(Error, 'prepareStackTrace', prepare);
    }
  });
  const callee = () => callerOf(callee);
  const HERE = { kind: 'file', name: 'test/unit/boot/enable-cors/read-caller.spec.ts' };

  it('begins below the function that was called', () => {
    expect(callee()).toEqual(HERE);
  });

  it('is read under any limit, which stays', () => {
    Error.stackTraceLimit = 0;
    expect(callee()).toEqual(HERE);
    expect(Error.stackTraceLimit).toBe(0);
  });

  it('is read if the application formats stacks itself', () => {
    const format = (error: Error, sites: NodeJS.CallSite[]) =>
      `${error}\n${sites.map((site) => `at ${site}`).join('\n')}`;
    Error.prepareStackTrace = format;
    expect(callee()).toEqual(HERE);
    expect(Error.prepareStackTrace).toBe(format);
  });

  it('is read if the application keeps call sites instead of text', () => {
    Error.prepareStackTrace = (_, sites) => sites;
    expect(callee()).toEqual(HERE);
  });

  it.each<[string, () => unknown]>([
    ['throws', () => JSON.parse('')],
    ['makes a stack without frames', () => 'a stack'],
    ['makes no text', () => undefined],
  ])('shows no caller if the formatting of the application %s', (_, format) => {
    Error.prepareStackTrace = format;
    expect(callee()).toBeUndefined();
  });
});
