import { transformSync } from '@swc/core';

/**
 * The ES module of a TypeScript file, with its source map. Decorators and their metadata are those that Nest needs.
 *
 * @param {string} source
 * @param {string} filename for the source map
 */
export function transpile(source, filename) {
  return transformSync(source, {
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
  }).code;
}
