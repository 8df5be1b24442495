// Lets Node 20 import the TypeScript of this project: `.js` in a relative import resolves to the `.ts` file, and
// the package's own names resolve to its sources, as for the type checker.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const OWN_NAMES = new Map([
  ['nestjs-cors', new URL('../../src/index.ts', import.meta.url).href],
  ['nestjs-cors/config', new URL('../../src/config/index.ts', import.meta.url).href],
  ['nestjs-cors/testing', new URL('../../src/testing/index.ts', import.meta.url).href],
]);

export async function resolve(specifier, context, next) {
  const own = OWN_NAMES.get(specifier);
  if (own !== undefined) {
    return { url: own, shortCircuit: true };
  }
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const source = new URL(`${specifier.slice(0, -'.js'.length)}.ts`, context.parentURL);
    if (fs.existsSync(source)) {
      return { url: source.href, shortCircuit: true };
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) {
    return next(url, context);
  }
  const filename = fileURLToPath(url);
  const { code } = transformSync(fs.readFileSync(filename, 'utf8'), {
    filename,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
