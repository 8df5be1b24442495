import fs from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';

/**
 * Compiles TypeScript files of this project, and all that they import by a relative path, to ES modules.
 *
 * @param {string[]} files relative to the project
 * @param {string} target the folder for the JavaScript, which has the same folders as the project
 */
export function compile(files, target) {
  const waiting = [...files];
  const done = new Set();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (done.has(file)) {
      continue;
    }
    done.add(file);
    const { code } = transformSync(fs.readFileSync(file, 'utf8'), {
      filename: file,
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
    const output = path.join(target, file.replace(/\.ts$/, '.js'));
    fs.mkdirSync(path.dirname(output), { recursive: true });
    fs.writeFileSync(output, code);
    for (const [, imported] of code.matchAll(/(?:from |import )['"](\.[^'"]+)\.js['"]/g)) {
      waiting.push(path.join(path.dirname(file), `${imported}.ts`));
    }
  }
}
