import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** Every file that a file loads, itself included. Types count too. */
function loadedBy(entry: string): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) {
      return;
    }
    found.add(path);
    for (const { fileName } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles) {
      if (fileName.startsWith('.')) {
        visit(posix.join(posix.dirname(path), fileName).replace(/\.js$/, '.ts'));
      }
    }
  };
  visit(entry);
  return found;
}

const inTesting = (path: string) => path.startsWith('src/testing/');

describe('the entry point nestjs-cors/testing', () => {
  const files = [...loadedBy('src/testing/index.ts')].filter(inTesting);

  it('is not loaded by the other entry points', () => {
    expect(files).toContain('src/testing/open-page.ts');
    for (const entry of ['src/index.ts', 'src/config/index.ts']) {
      const loaded = [...loadedBy(entry)];
      expect(loaded.length).toBeGreaterThan(5);
      expect(loaded.filter(inTesting)).toEqual([]);
    }
  });

  // Fake timers would stop them.
  it('uses no timers and no deferred calls', () => {
    const timer = /\b(?:setTimeout|setInterval|setImmediate|nextTick|queueMicrotask|performance|hrtime)\b|\.timeout\(/;
    expect(files.filter((file) => timer.test(readFileSync(file, 'utf8')))).toEqual([]);
    expect(timer.test('setTimeout(resolve, 5)')).toBe(true);
  });
});
