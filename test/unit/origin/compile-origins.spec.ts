import fc from 'fast-check';
import {
  compileOrigins,
  isOriginResolverClass,
  originsCacheKey,
  type WrittenOrigins,
} from '../../../src/origin/compile-origins.js';
import { isWellFormedOrigin } from '../../../src/origin/grammar/origin-grammar.js';
import { parseOriginPattern } from '../../../src/origin/pattern/parse-origin-pattern.js';
import { hostOfLength } from './hosts.js';

function allowsOf(option: WrittenOrigins): (origin: string) => boolean {
  const matcher = compileOrigins(option);
  expect(Object.isFrozen(matcher)).toBe(true);
  if (matcher.kind !== 'static') {
    throw new Error(`It is ${matcher.kind}.`);
  }
  return matcher.allows;
}

class Resolver {
  resolve() {
    return true;
  }
}
class InheritingResolver extends Resolver {}
class OwnProperty {
  readonly resolve = () => true;
}
class Getter {
  get resolve() {
    return () => true;
  }
}
class Shadowing extends Resolver {}
Object.defineProperty(Shadowing.prototype, 'resolve', { value: 'no method' });

describe('compileOrigins', () => {
  it.each<[string, WrittenOrigins]>([
    ['star', '*'],
    ['true', true],
    ['a list of star', ['*']],
    ['star among others', ['https://a.example', 'https://*.b.example', '*']],
  ])('compiles %s to any origin', (_name, option) => {
    expect(compileOrigins(option)).toEqual({ kind: 'any' });
    expect(Object.isFrozen(compileOrigins(option))).toBe(true);
  });

  it('compiles a class to a resolver and another function to a predicate', () => {
    const predicate = () => true;
    expect(compileOrigins(Resolver)).toEqual({ kind: 'resolver', resolver: Resolver });
    expect(compileOrigins(predicate)).toEqual({ kind: 'predicate', predicate });
    expect(Object.isFrozen(compileOrigins(Resolver))).toBe(true);
    expect(Object.isFrozen(compileOrigins(predicate))).toBe(true);
  });

  it.each([['https://a.example/'], [''], ['null'], [undefined], [1], [{}]])(
    'throws for %p, which validation refuses',
    (entry) => {
      expect(() => compileOrigins([entry as string])).toThrow(TypeError);
    },
  );
});

describe('isOriginResolverClass', () => {
  it.each<[unknown, boolean]>([
    [Resolver, true],
    [InheritingResolver, true],
    [OwnProperty, false],
    [Getter, false],
    [Shadowing, false],
    [class {}, false],
    [() => true, false],
    [function resolve() {}, false],
    [async () => true, false],
    [new Resolver(), false],
    [{ prototype: { resolve() {} } }, false],
    ['Resolver', false],
    [undefined, false],
    [null, false],
  ])('says whether %p is a resolver class: %s', (value, expected) => {
    expect(isOriginResolverClass(value)).toBe(expected);
  });

  it('does not take a predicate for a class if Object.prototype is polluted', () => {
    const predicate = function allow() {
      return true;
    };
    Object.defineProperty(Object.prototype, 'resolve', { value: () => true, configurable: true });
    try {
      expect(isOriginResolverClass(predicate)).toBe(false);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'resolve');
    }
  });
});

describe('the compiled origins', () => {
  const longest = hostOfLength(251);
  it.each<[WrittenOrigins, string[], string[]]>([
    [
      'https://example.com',
      ['https://example.com'],
      [
        'http://example.com',
        'https://example.com:8443',
        'https://example.co',
        'https://example.comm',
        'https://example.com.evil.example',
        'https://a.example.com',
        'https://evilexample.com',
        'https://example.com/',
        'https://Example.com',
        'https://ex%61mple.com',
      ],
    ],
    [
      'https://example.com:8443',
      ['https://example.com:8443'],
      ['https://example.com', 'https://example.com:8442', 'https://example.com:84430', 'http://example.com:8443'],
    ],
    [
      'https://*.example.com',
      ['https://a.example.com', 'https://b.a.example.com', 'https://example.com.example.com'],
      [
        'https://example.com',
        'https://.example.com',
        'https://evilexample.com',
        'https://a.evilexample.com',
        'https://a.example.com.evil.net',
        'https://a.example.com:8443',
        'https://a.example.com.',
        'https://a.example.co',
        'https://xample.com',
        'http://a.example.com',
        'wss://a.example.com',
        'capacitor://a.example.com',
        'https://evil.net?.example.com',
        'null',
        '',
      ],
    ],
    [
      ['https://*.example.com:8443', 'http://*.example.com'],
      ['https://a.example.com:8443', 'http://a.example.com'],
      ['https://a.example.com', 'http://a.example.com:8443', 'https://a.example.com:84', 'https://example.com:8443'],
    ],
    [
      'http://localhost:*',
      ['http://localhost', 'http://localhost:1', 'http://localhost:3000', 'http://localhost:65535'],
      [
        'https://localhost',
        'https://localhost:3000',
        'http://evillocalhost:3000',
        'http://localhost.evil.net:3000',
        'http://a.localhost:3000',
        'http://localhos:3000',
      ],
    ],
    [
      ['http://127.0.0.1:*', 'http://[::1]:*'],
      ['http://127.0.0.1', 'http://127.0.0.1:8080', 'http://[::1]', 'http://[::1]:8080'],
      ['http://127.0.0.2', 'http://[::2]', 'http://[::1:1]', 'http://[1::1]:8080', 'https://[::1]:8080'],
    ],
    [
      'http://*.localhost:*',
      ['http://a.localhost', 'http://a.localhost:3000', 'http://b.a.localhost:1'],
      [
        'http://localhost',
        'http://localhost:3000',
        'https://a.localhost',
        'http://a.notlocalhost',
        'http://.localhost:1',
      ],
    ],
    [
      ['https://cat', 'https://concat', 'https://kin', 'https://pin'],
      ['https://cat', 'https://concat', 'https://kin', 'https://pin'],
      ['https://pkin', 'https://con', 'https://at', 'https://in', 'https://ppin', 'https://concatcat', 'https://kpin'],
    ],
    [
      ['https://foo.com', 'https://bar.com', 'https://*.foo.com', 'https://*.bar.com'],
      ['https://foo.com', 'https://bar.com', 'https://a.foo.com', 'https://bar.foo.com'],
      ['https://barfoo.com', 'https://foobar.com', 'https://a.barfoo.com', 'https://foo.com.bar', 'https://com'],
    ],
    [[`https://*.${longest}`], [`https://a.${longest}`], [`https://${longest}`, `https://b.${longest.slice(1)}`]],
    [[], [], ['https://a.example']],
  ])('of %p allow and refuse the right origins', (option, allowed, refused) => {
    const allows = allowsOf(option);
    for (const origin of allowed) {
      expect([origin, allows(origin)]).toEqual([origin, true]);
    }
    for (const origin of refused) {
      expect([origin, isWellFormedOrigin(origin) && allows(origin)]).toEqual([origin, false]);
    }
  });

  it('refuse an empty label, even in an origin that is not well-formed', () => {
    const allows = allowsOf(['https://*.example.com', 'http://*.example.com:*']);
    expect(['https://.example.com', 'http://.example.com', 'http://.example.com:1'].map(allows)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('allow the deepest possible subdomain', () => {
    const allows = allowsOf('https://*.example.com');
    const deepest = `https://${'a.'.repeat(121)}example.com`;
    expect(isWellFormedOrigin(deepest)).toBe(true);
    expect(allows(deepest)).toBe(true);
    expect(allows(`${deepest}:8443`)).toBe(false);
  });
});

it('do not change when the list changes', () => {
  const list = ['https://b.example', 'https://*.b.example'];
  const allows = allowsOf(list);
  list.push('https://c.example');
  list.length = 1;
  list[0] = 'https://d.example';
  const answers = ['b', 'a.b', 'c', 'd'].map((name) => allows(`https://${name}.example`));
  expect(answers).toEqual([true, true, false, false]);
});

it('are not compiled from a RegExp', () => {
  const expression = /^https:\/\/a\.example$/ as unknown as string;
  expect(() => compileOrigins(expression)).toThrow(TypeError);
  expect(() => compileOrigins([expression])).toThrow(TypeError);
});

describe('the compiled origins and a slow model', () => {
  const name = fc.constantFrom('a', 'b', 'cat', 'concat', 'kin', 'pin', 'pkin', 'foo', 'bar', 'barfoo', 'com');
  const host = fc.oneof(
    { weight: 8, arbitrary: fc.array(name, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')) },
    { weight: 1, arbitrary: fc.constantFrom('127.0.0.1', '[::1]', '[1::1]', '10.0.0.1') },
  );
  const scheme = fc.constantFrom('http', 'https', 'app');
  const port = fc.constantFrom('', '', ':1', ':8443', ':84', ':443', ':80');
  const pattern = fc
    .tuple(
      scheme,
      fc.constantFrom('', '', '*.', '*.', 'k*n.', '*n.', 'x*.', 'b*.', '*bar.'),
      host,
      fc.oneof(port, fc.constant(':*')),
    )
    .map((parts) => `${parts[0]}://${parts[1]}${parts[2]}${parts[3]}`)
    .filter((text) => parseOriginPattern(text).fault === undefined);
  const origin = fc.tuple(scheme, host, port).map((parts) => `${parts[0]}://${parts[1]}${parts[2]}`);

  function modelAllows(text: string, candidate: string): boolean {
    let [left, right] = [text, candidate];
    if (text.endsWith(':*')) {
      left = text.slice(0, -2);
      right = candidate.replace(/:\d+$/, '');
    }
    const star = left.indexOf('*');
    if (star === -1) {
      return left === right;
    }
    if (left.slice(star - 1, star + 2) !== '/*.') {
      const matched = right.slice(star, right.length - (left.length - star - 1));
      return /^[a-z0-9-]+$/.test(matched) && right === left.replace('*', matched) && !/^https?:..xn--/.test(right);
    }
    const rest = left.slice(star + 1);
    return right.startsWith(left.slice(0, star)) && right.endsWith(rest) && right.length > star + rest.length;
  }

  it('allow the same origins', () => {
    let allowed = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), fc.array(origin, { maxLength: 20 }), (patterns, origins) => {
        const allows = allowsOf(patterns);
        const below = patterns.flatMap((text, index) => [
          text.replace('*.', 'a.').replace(':*', ''),
          text.replace('*.', 'b.cat.').replace(':*', `:${index + 1}`),
          text.replace('*.', '').replace(':*', ''),
          ...['a', 'i-', 'n--a', 'a_b', 'a.b', '', '-acme'].map((part) => text.replace(':*', '').replace('*', part)),
          text.replace('*.', 'a').replace(':*', ':1'),
        ]);
        const wrong: string[] = [];
        for (const candidate of [...origins, ...below].filter(isWellFormedOrigin)) {
          const expected = patterns.some((text) => modelAllows(text, candidate));
          if (expected) {
            allowed++;
          } else {
            refused++;
          }
          if (allows(candidate) !== expected) {
            wrong.push(candidate);
          }
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(allowed).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
  });
});

describe('originsCacheKey', () => {
  function newIdentify(): (value: object) => number {
    const seen: object[] = [];
    return (value) => {
      if (!seen.includes(value)) {
        seen.push(value);
      }
      return seen.indexOf(value);
    };
  }
  const predicate = () => true;
  const other = () => true;

  it.each<[WrittenOrigins, WrittenOrigins]>([
    ['*', true],
    ['*', ['*', 'https://a']],
    ['https://a', ['https://a']],
    [
      ['https://a', 'https://b'],
      ['https://b', 'https://a', 'https://b'],
    ],
    [predicate, predicate],
    [Resolver, Resolver],
  ])('is equal for %p and %p', (one, two) => {
    const identify = newIdentify();
    expect(originsCacheKey(one, identify)).toBe(originsCacheKey(two, identify));
  });

  it.each<[WrittenOrigins, WrittenOrigins]>([
    ['*', 'https://a'],
    ['https://a', 'https://b'],
    ['https://a', 'http://a'],
    ['https://a', ['https://a', 'https://b']],
    [['https://a,https://b'], ['https://a', 'https://b']],
    ['https://*.a', 'https://a'],
    ['http://a:*', 'http://a'],
    [predicate, other],
    [Resolver, InheritingResolver],
    [predicate, Resolver],
  ])('differs for %p and %p', (one, two) => {
    const identify = newIdentify();
    expect(originsCacheKey(one, identify)).not.toBe(originsCacheKey(two, identify));
  });
});
