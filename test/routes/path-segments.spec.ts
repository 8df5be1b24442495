import { describe, expect, it } from '@jest/globals';
import { pathSegments, trimSlashes } from '../../src/routes/path-segments.js';

const short = (path: string) =>
  pathSegments(path).map((segment) => (segment.kind === 'literal' ? segment.text : `<${segment.kind}>`));

describe('the segments of a path', () => {
  it.each([
    ['', []],
    ['/', []],
    ['//', []],
    ['/users', ['users']],
    ['/users/', ['users']],
    ['/users/:id', ['users', '<parameter>']],
    ['/users/:id/parts', ['users', '<parameter>', 'parts']],
    ['/:$x/:_y', ['<parameter>', '<parameter>']],
    ['/users/*', ['users', '<rest>']],
    ['/users/*rest/x', ['users', '<rest>']],
    ['/users{/:id}', ['<rest>']],
    ['/:a-:b/x', ['<rest>']],
    ['/v:n', ['<rest>']],
    ['/:id.json', ['<rest>']],
    ['/:id?', ['<rest>']],
    ['/:id(\\d+)', ['<rest>']],
    ['/:1', ['<rest>']],
    ['/:', ['<rest>']],
    ['/a//b', ['a', '<rest>']],
    ['/caf\u00e9/x', ['<rest>']],
    ['/a b', ['<rest>']],
    ['/a\\*', ['<rest>']],
    ['/a.b;c~d-e_f@g$h&i', ['a.b;c~d-e_f@g$h&i']],
  ])('of %s are %j', (path, expected) => {
    expect(short(path)).toEqual(expected);
  });
});

describe('trimming slashes', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['///', ''],
    ['/a', '/a'],
    ['/a/', '/a'],
    ['/a//', '/a'],
    ['//a/b//', '//a/b'],
  ])('of %j leaves %j', (path, expected) => {
    expect(trimSlashes(path)).toBe(expected);
  });
});
