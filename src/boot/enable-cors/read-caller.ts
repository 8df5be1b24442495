import { escapeText } from '../../validation/problems/source-text.js';

/** Frames of Nest that can stand before the caller, and more. */
const MOST_FRAMES = 50;
/** Longer names are cut, in characters. */
const LONGEST_NAME = 120;

/** The names of a path that are shown of a file elsewhere: its own, and those of its folders. */
const SHOWN_NAMES = 3;

/** The packages between `app.enableCors()` and the adapter. */
const OWN_PACKAGES = /^(?:@nestjs\/(?:common|core|testing|platform-express|platform-fastify)|nestjs-cors)$/;

/** The code that called `enableCors()`. Never has an absolute path. */
export type Caller =
  /** The `cors` option of `NestFactory.create()`. */
  | { readonly kind: 'option' }
  | { readonly kind: 'package'; readonly name: string }
  /** A file of the application: relative to the working directory, or the end of its path if it is elsewhere. */
  | { readonly kind: 'file'; readonly name: string };

/**
 * Finds the code that called a function, `undefined` if the stack does not show it. Never throws. Takes the stack as
 * text, so that it has the names of source maps and of any `Error.prepareStackTrace`.
 */
export function callerOf(callee: (options?: unknown) => unknown): Caller | undefined {
  try {
    return readCaller(captureStack(callee), process.cwd());
  } catch {
    return undefined; // `prepareStackTrace` of the application threw
  }
}

/**
 * Finds the first frame outside of Nest and this package.
 *
 * @param frames the lines of a stack
 * @param directory the working directory
 */
export function readCaller(frames: readonly string[], directory: string): Caller | undefined {
  for (const frame of frames) {
    const [, called = '', inBrackets, alone] = /^\s*at (?:(.*?) \((.*)\)|(.*))$/.exec(frame) ?? [];
    // In testing modules the application is a proxy. esbuild adds an underscore to names of classes.
    const [, method] = /^(?:_?NestApplication|Proxy)\.(applyOptions|enableCors)$/.exec(called) ?? [];
    if (method === 'applyOptions') {
      return { kind: 'option' };
    }
    if (method === 'enableCors') {
      continue; // in a bundle it is in a file of the application
    }
    const file = readFile(inBrackets ?? alone ?? '');
    if (file === undefined) {
      continue;
    }
    const name = packageOf(file);
    if (name === undefined) {
      return { kind: 'file', name: shown(relativeTo(directory, file)) };
    }
    if (!OWN_PACKAGES.test(name)) {
      return { kind: 'package', name: shown(name) };
    }
  }
  return undefined;
}

function captureStack(callee: (options?: unknown) => unknown): readonly string[] {
  const holder: { stack?: unknown } = {};
  const { stackTraceLimit } = Error;
  const isLimited = setStackTraceLimit(MOST_FRAMES);
  try {
    Error.captureStackTrace(holder, callee);
    const { stack } = holder;
    // Some applications let `Error.prepareStackTrace` return the call sites.
    return Array.isArray(stack) ? stack.map((site) => `at ${site}`) : String(stack).split('\n');
  } finally {
    if (isLimited) {
      setStackTraceLimit(stackTraceLimit);
    }
  }
}

/** @returns whether it is set: in a frozen environment it cannot be */
function setStackTraceLimit(limit: number): boolean {
  return Reflect.set(Error, 'stackTraceLimit', limit);
}

/** The file of a frame, with forward slashes; `undefined` for code of Node and of no file. */
function readFile(location: string): string | undefined {
  const evaluated = /^eval at .*?\(([^()]+:\d+:\d+)\)/.exec(location)?.[1];
  const [, place] = /^(.*?):\d+(?::\d+)?$/.exec(evaluated ?? location.replace(/^async /, '')) ?? [];
  if (place === undefined || /^(?:node:|native$|<anonymous>)/.test(place)) {
    return undefined;
  }
  const bundled = /^webpack(?:-internal)?:\/\/[^/]*\/(?:\.\/)?(.*)$/.exec(place)?.[1];
  return (bundled ?? fromUrl(place)).replaceAll('\\', '/').replace(/\?.*$/, '');
}

/** The path in a `file:` URL, which stacks of ES modules have. */
function fromUrl(place: string): string {
  return place.startsWith('file://')
    ? decodeURIComponent(place.slice('file://'.length)).replace(/^\/(?=[a-z]:)/i, '')
    : place;
}

/** The package that a file belongs to. Package managers nest `node_modules`, so the last one counts. */
function packageOf(file: string): string | undefined {
  return [...file.matchAll(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/g)].at(-1)?.[1];
}

function relativeTo(directory: string, file: string): string {
  const base = `${directory.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  const isWindows = /^[a-z]:/i.test(file);
  const comparable = (path: string) => (isWindows ? path.toLowerCase() : path);
  if (comparable(file).startsWith(comparable(base))) {
    return file.slice(base.length);
  }
  const isElsewhere = isWindows || file.startsWith('/') || file.includes('../');
  // In a workspace, the name of the file alone is often `index.js`.
  const names = file.split('/').filter((name) => !/^(?:|\.\.|[a-z]:)$/i.test(name));
  return isElsewhere ? names.slice(-SHOWN_NAMES).join('/') : file;
}

function shown(name: string): string {
  return escapeText(name.slice(-LONGEST_NAME)).replaceAll('`', '\\u0060');
}
