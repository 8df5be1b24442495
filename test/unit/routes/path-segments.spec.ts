import { describe, expect, it } from '@jest/globals';
import { PARAMETER, pathSegments, REST, trimSlashes } from '../../../src/routes/path-segments.js';

describe('pathSegments', () => {
  it.each([
    ['', []],
    ['/', []],
    ['//', []],
    ['/users', ['users']],
    ['/users/', ['users']],
    ['/users/:id', ['users', PARAMETER]],
    ['/users/:id/parts', ['users', PARAMETER, 'parts']],
    ['/:$x/:_y', [PARAMETER, PARAMETER]],
    ['/users/*', ['users', REST]],
    ['/users/*rest/x', ['users', REST]],
    ['/users{/:id}', ['users', REST]],
    ['/users{/:id}/', ['users', REST]],
    ['/users{/}', ['users', REST]],
    ['/users{/:id}{/*rest}', ['users', REST]],
    ['/users{/:id}/parts{/:part}', ['users', REST]],
    ['/file.json{/:id}', ['file.json', REST]],
    ['/:id{/a}', [PARAMETER, REST]],
    ['/a/:id.json{/a}', ['a', PARAMETER, REST]],
    ['/a{b}/users{/:id}', [REST]],
    ['/users{/:id}s', [REST]], // also `/userss`
    ['/users{/:id}{s}', [REST]],
    ['/users{/:id{/b}}', [REST]],
    ['/users{/:id{/b}/c}', [REST]],
    ['/users{{/:id}}', [REST]],
    ['/users{/:id', [REST]],
    ['/users\\{/a}', [REST]],
    ['/:"x{/y}/z"', [REST]],
    ['/users/{/:id}', ['users', REST]],
    ['/:a-:b/x', [PARAMETER, 'x']],
    ['/v:n', [PARAMETER]],
    ['/:id.json', [PARAMETER]],
    ['/a::b', [REST]],
    ['/:"a b"', [REST]],
    ['/:caf\u00e9', [REST]],
    ['/:id.*rest', [REST]],
    ['/:id{.json}', [REST]],
    ['/:id?', [REST]],
    ['/:id(\\d+)', [REST]],
    ['/:1', [REST]],
    ['/:', [REST]],
    ['/a//b', ['a', REST]],
    ['/caf\u00e9/x', [REST]],
    ['/a b', [REST]],
    ['/a\\*', [REST]],
    ['{/:id}', [REST]],
    ['{/a}/b', [REST]],
    ['a/b', [REST]],
    ['/a.b;c~d-e_f@g$h&i', ['a.b;c~d-e_f@g$h&i']],
  ])('splits %s into %j', (path, expected) => {
    expect(pathSegments(path)).toEqual(expected);
  });
});

describe('trimSlashes', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['///', ''],
    ['/a', '/a'],
    ['/a/', '/a'],
    ['/a//', '/a'],
    ['//a/b//', '//a/b'],
  ])('makes %j into %j', (path, expected) => {
    expect(trimSlashes(path)).toBe(expected);
  });
});
