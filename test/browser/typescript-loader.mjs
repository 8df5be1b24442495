// Lets Node 20 import the TypeScript of this project: `.js` in a relative import resolves to the `.ts` file, and
// the package's own names resolve to its sources, as for the type checker.
//
// `import('./file.js?fault=NAME')` imports a copy of the file and of all that it imports, with a planted fault.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transpile } from '../../scripts/lib/transpile.mjs';

const OWN_NAMES = new Map([
  ['nestjs-cors', new URL('../../src/index.ts', import.meta.url).href],
  ['nestjs-cors/config', new URL('../../src/config/index.ts', import.meta.url).href],
  ['nestjs-cors/testing', new URL('../../src/testing/index.ts', import.meta.url).href],
  ['nestjs-cors/websockets', new URL('../../src/websockets/index.ts', import.meta.url).href],
]);

/** Planted faults. Each replaces `find` in `file` with `replace`. */
let faults = [];
/** The JavaScript of each source text, because copies with faults differ in one file only. */
const transformed = new Map();

/** @param data faults are optional */
export function initialize(data) {
  faults = data?.faults ?? [];
}

export async function resolve(specifier, context, next) {
  const [name, query = context.parentURL?.split('?')[1]] = specifier.split('?');
  const found = (source) => ({ url: query === undefined ? source : `${source}?${query}`, shortCircuit: true });
  const own = OWN_NAMES.get(name);
  if (own !== undefined) {
    return found(own);
  }
  if (name.startsWith('.') && name.endsWith('.js') && /\.ts(?:\?|$)/.test(context.parentURL)) {
    const source = new URL(`${name.slice(0, -'.js'.length)}.ts`, context.parentURL);
    if (fs.existsSync(source)) {
      return found(source.href);
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  const [address, query] = url.split('?');
  if (!address.endsWith('.ts')) {
    return next(url, context);
  }
  const filename = fileURLToPath(address);
  const source = readSource(filename, query);
  const code = transformed.get(source) ?? transpile(source, filename);
  transformed.set(source, code);
  return { format: 'module', source: code, shortCircuit: true };
}

function readSource(filename, query) {
  const text = fs.readFileSync(filename, 'utf8');
  const wanted = new URLSearchParams(query).get('fault');
  const fault = faults.find(({ name }) => name === wanted);
  if (fault === undefined || filename !== path.resolve(fault.file)) {
    return text;
  }
  const parts = text.split(fault.find);
  if (parts.length !== 2) {
    throw new Error(`The planted fault "${fault.name}" fits ${parts.length - 1} places of ${fault.file}.`);
  }
  return parts.join(fault.replace);
}
