import vm from 'node:vm';
import { codes, ORIGIN, validate, warningCodes } from './validation.js';

class Resolver {
  resolve(origin: string) {
    return origin === ORIGIN;
  }
}
class Derived extends Resolver {}
class Unrelated {}

describe('the origin option', () => {
  it.each([
    ['the star', '*'],
    ['true', true],
    ['an origin', ORIGIN],
    ['a subdomain pattern', 'https://*.example.com'],
    ['a port pattern', 'http://localhost:*'],
    ['another scheme', 'capacitor://localhost'],
    ['a predicate', (origin: string) => origin === ORIGIN],
    ['a predicate with context', (_origin: string, context: object) => 'tenant' in context],
    ['an async predicate', async () => true],
    ['a resolver class', Resolver],
    ['a derived resolver class', Derived],
    ['a list', [ORIGIN, 'https://*.example.com', 'https://app-*.example.org']],
    ['a list with the star', ['*']],
    ['a list with duplicates', [ORIGIN, ORIGIN]],
  ])('accepts %s', (_, origin) => {
    expect(codes({ origin })).toEqual([]);
  });

  it.each([
    ['false', false],
    ['null', null],
    ['a number', 42],
    ['a bigint', 1n],
    ['a symbol', Symbol('origin')],
    ['a promise', Promise.resolve(ORIGIN)],
    ['an object', { origin: ORIGIN }],
    ['a resolver instance', new Resolver()],
    ['a URL', new URL(ORIGIN)],
    ['a Set', new Set([ORIGIN])],
    ['a class that resolves nothing', Unrelated],
    [
      'an arrow function with a callback',
      (_origin: string, callback: (error: null, ok: boolean) => void) => callback(null, true),
    ],
    [
      'a function with a callback',
      function origin(_origin: string, cb: (error: null, ok: boolean) => void) {
        cb(null, true);
      },
    ],
    [
      'a method with a callback',
      {
        origin(_origin: string, done: () => void) {
          done();
        },
      }.origin,
    ],
  ])('refuses %s', (_, origin) => {
    expect(codes({ origin })).toEqual(['option-type']);
  });

  it.each([
    ['false', false, '@DisableCors()'],
    ['a promise', Promise.resolve(ORIGIN), 'forRootAsync'],
    ['a resolver instance', new Resolver(), 'Write `origin: Resolver`. Pass the resolver class, not an instance.'],
    ['a class without a method', Unrelated, 'or add the method `resolve(origin)` to the class'],
  ])('has a special remedy for %s', (_, origin, words) => {
    expect(validate({ origin }).problems[0]?.remedy).toContain(words);
  });

  it.each([
    ['a URL', new URL('https://App.example.com/path'), 'a URL object with the text', ORIGIN],
    ['a URL with another scheme', new URL('app://./index.html'), 'a URL object with the text', 'app://.'],
    ['a String', Object(`${ORIGIN}/`), 'a String object with the text', ORIGIN],
  ])('names %s, and makes the remedy from its text', (_, origin, words, meant) => {
    const alone = validate({ origin }).problems[0];
    expect(alone).toMatchObject({ code: 'option-type', remedy: `Write \`origin: '${meant}'\`.` });
    expect(alone?.message).toContain(words);
    const listed = validate({ origin: ['https://a.example', origin] }).problems[0];
    expect(listed).toMatchObject({
      code: 'origin-invalid',
      remedy: `Write \`origin: ['https://a.example', '${meant}']\`.`,
    });
    expect(listed?.message).toContain(words);
  });

  it('runs no code of an object that only looks like a URL', () => {
    const origin = Object.create(URL.prototype, {
      href: {
        get() {
          throw new Error('x');
        },
      },
    });
    expect(codes({ origin })).toEqual(['option-type']);
    expect(codes({ origin: [new Proxy(new URL(ORIGIN), {})] })).toEqual(['origin-invalid']);
  });

  it('does not read an array as its text', () => {
    expect(codes({ origin: [[ORIGIN]] })).toEqual(['origin-invalid']);
  });
});

describe('a text in the origin option', () => {
  it.each([
    ['https://app.example.com:8443'],
    ['https://xn--bcher-kva.example'],
    ['http://[::1]:3000'],
    ['http://*.localhost:*'],
    ['https://app-git-*-acme.vercel.app'],
    ['https://*-acme.apps.example.dev:*'],
    ['http://app-*.localhost:3000'],
    ['https://example.com:65535'],
    ['chrome-extension://abcdefghijklmnop'],
  ])('%s is accepted, alone and in a list', (origin) => {
    expect(codes({ origin })).toEqual([]);
    expect(codes({ origin: [origin] })).toEqual([]);
  });

  it.each([
    [''],
    [' '],
    ['https://app.example.com/'],
    ['https://app.example.com/path'],
    ['https://app.example.com?x'],
    ['https://app.example.com#x'],
    ['https://user@app.example.com'],
    ['app.example.com'],
    ['//app.example.com'],
    ['HTTPS://app.example.com'],
    ['https://App.example.com'],
    ['https://b\u00fccher.example'],
    ['https://app.example.com:443'],
    ['http://app.example.com:80'],
    ['https://app.example.com:0'],
    ['https://app.example.com:65536'],
    ['https://app.example.com:08443'],
    ['https://app.example.com:'],
    ['https://*'],
    ['https://app.*.com'],
    ['https://*-app.com'],
    ['https://app-*.com'],
    ['https://app.pr-*.example.com'],
    ['https://app-*-*.example.com'],
    ['https://xn--*.example.com'],
    ['https://*.*.example.com'],
    ['*://app.example.com'],
    ['*.example.com'],
    ['https://*.127.0.0.1'],
    ['http://127.1'],
    ['http://[0:0:0:0:0:0:0:1]'],
    ['http://[::ffff:127.0.0.1]'],
    ['http://[fe80::1%25eth0]'],
    ['https://app..example.com'],
    [`https://${'a'.repeat(64)}.example.com`],
    ['file://'],
    [' https://app.example.com'],
    ['https://app.example.com '],
    ['https://app.example.com\n'],
    ['https://app.example.com,https://admin.example.com'],
    ['https://app.example.com https://admin.example.com'],
    ['undefined'],
  ])('%j is refused, alone and in a list', (origin) => {
    expect(codes({ origin })).toEqual(['origin-invalid']);
    expect(codes({ origin: [ORIGIN, origin] })).toEqual(['origin-invalid']);
    expect(codes({ origin: [ORIGIN, origin], credentials: true })).toEqual(['origin-invalid']);
  });

  it.each(['null', 'NULL', ' null'])('%j is refused as the null origin', (origin) => {
    expect(codes({ origin })).toEqual(['origin-null']);
    expect(codes({ origin: [ORIGIN, origin] })).toEqual(['origin-null']);
  });

  it.each([[undefined], [null], [1], [true], [{}], [() => true], [Resolver], [[ORIGIN]], [Promise.resolve(ORIGIN)]])(
    '%p is refused in a list',
    (entry) => {
      expect(codes({ origin: [ORIGIN, entry] })).toEqual(['origin-invalid']);
    },
  );

  it('is quoted in the message, escaped, with what is wrong', () => {
    const [problem] = validate({ origin: [ORIGIN, 'https://b\u00fccher.example\r\n'] }).problems;
    expect(problem).toMatchObject({ property: 'origin', value: 'https://b\u00fccher.example\r\n' });
    expect(problem?.message).toBe(
      "origin[1] is 'https://b\\u00fccher.example\\r\\n', which ends with white space (set at UsersController.remove).",
    );
  });

  it.each([
    ["'https://app.example.com'", "origin: 'https://app.example.com'"],
    ['["https://app.example.com","https://b.example"]', "origin: ['https://app.example.com', 'https://b.example']"],
    ['http://localhost:3000-3001', "origin: ['http://localhost:3000', 'http://localhost:3001']"],
    ['http://localhost:3000-3999', "origin: 'http://localhost:*'"],
    ['.example.com', "origin: 'https://*.example.com'"],
    ['https://*', "origin: '*'"],
    ['10.0.0.0/8', 'origin: (origin) => /^http:\\/\\/10\\.\\d+\\.\\d+\\.\\d+(?::\\d+)?$/.test(origin)'],
    ['https://app.*.example.com', 'origin: (origin) => /^https:\\/\\/app\\.[a-z0-9-]+\\.example\\.com$/.test(origin)'],
    ['https://app.*.vercel.app', "origin: 'https://app.example.com'"],
  ])('%s has the remedy `%s`', (origin, code) => {
    expect(validate({ origin }).problems[0]?.remedy).toBe(`Write \`${code}\`.`);
  });

  it('never has the remedy to allow every site with credentials', () => {
    const { problems } = validate({ origin: [ORIGIN, 'https://*'], credentials: true });
    expect(problems.map(({ remedy }) => remedy)).toEqual([`Write \`origin: ['${ORIGIN}']\`.`]);
  });

  it('with commas has the correct list as its remedy', () => {
    const [problem] = validate({ origin: 'https://a.example/, https://b.example' }).problems;
    expect(problem?.remedy).toBe("Write `origin: ['https://a.example', 'https://b.example']`.");
  });

  it('is reported beside all other mistakes of its list, each with the whole list corrected', () => {
    const { problems } = validate({ origin: ['https://a.example/', ORIGIN, 'null', undefined] });
    expect(problems.map(({ code }) => code)).toEqual(['origin-invalid', 'origin-null', 'origin-invalid']);
    expect(new Set(problems.map(({ remedy }) => remedy))).toEqual(
      new Set([`Write \`origin: ['https://a.example', '${ORIGIN}']\`.`]),
    );
  });

  it('has a remedy without the whole list if the list is long', () => {
    const origin = [...Array.from({ length: 20 }, (_, index) => `https://a${index}.example`), 'https://b.example/'];
    expect(validate({ origin }).problems[0]?.remedy).toBe("Write `'https://b.example'` in its place.");
    expect(validate({ origin: [...origin.slice(0, 20), 7] }).problems[0]?.remedy).toBe('Remove this entry.');
  });
});

describe('a missing origin', () => {
  it('is a mistake on a decorated route', () => {
    expect(validate({ maxAge: 5 }).problems).toMatchObject([{ code: 'origin-missing', property: 'origin' }]);
  });

  it('is no mistake if the route may be untouched', () => {
    expect(validate({ maxAge: 5 }, {}, { originRequired: false }).problems).toEqual([]);
  });

  it('is a mistake everywhere if the list is empty', () => {
    expect(codes({ origin: [] })).toEqual(['origin-missing']);
    expect(validate({ origin: [] }, {}, { originRequired: false }).problems).toMatchObject([
      { code: 'origin-missing' },
    ]);
  });
});

describe('a regular expression', () => {
  const expressions: [string, RegExp][] = [
    ['an anchored one', /^https:\/\/app\.example\.com$/],
    ['an unanchored one', /example\.com/],
    ['one that matches everything', /^.*$/],
    ['one with state', /^https:\/\/app\.example\.com$/g],
    ['one of another realm', vm.runInNewContext('/^https:\\/\\/app\\.example\\.com$/')],
  ];

  it.each(expressions)('is refused: %s', (_, origin) => {
    for (const credentials of [true, false]) {
      expect(codes({ origin, credentials })).toEqual(['origin-expression']);
      expect(codes({ origin: [ORIGIN, origin], credentials })).toEqual(['origin-expression']);
    }
    expect(warningCodes({ origin })).toEqual([]);
  });

  it.each([
    ['/^https:\\/\\/app\\.example\\.com$/i'],
    ['^https://.*\\.example\\.com$'],
    ['https://(app|admin)\\.example\\.com'],
    ['.*\\.example\\.com'],
    ['^https://.*.example.com$'],
    ['^https://.*\\.example\\.com$, https://app.example.com'],
  ])('is refused as a text: %s', (origin) => {
    expect(codes({ origin })).toEqual(['origin-expression']);
    expect(codes({ origin: [ORIGIN, origin], credentials: true })).toEqual(['origin-expression']);
  });

  it('is quoted with its place in the message', () => {
    const [problem] = validate({ origin: [ORIGIN, /^https:\/\/a\.example$/] }).problems;
    expect(problem).toMatchObject({ property: 'origin', value: /^https:\/\/a\.example$/ });
    expect(problem?.message).toBe(
      'origin[1] is /^https:\\/\\/a\\.example$/, a regular expression: one missing `\\.`, `^` or `$` allows unrelated origins (set at UsersController.remove).',
    );
  });

  it('has its translation as the remedy', () => {
    const remedy = (origin: unknown, credentials = false) => validate({ origin, credentials }).problems[0]?.remedy;
    expect(remedy(/^https:\/\/(.+\.)?example\.com$/)).toBe(
      "Write `origin: ['https://example.com', 'https://*.example.com']`.",
    );
    expect(remedy(/\.example\.com$/)).toBe(
      "Write `origin: 'https://*.example.com'`. The expression has no scheme, so this allows only https:. Unrelated hosts that the expression matches are left out.",
    );
    expect(remedy(/localhost:3000$/)).toContain('this allows only https:, and http: for loopback hosts.');
    expect(remedy(/^https?:\/\/app.example\.com$/, true)).toBe(
      "Write `origin: 'https://app.example.com'`. With `credentials: true`, this allows http: for loopback hosts only. An unescaped dot is read as a dot.",
    );
    expect(remedy(/^https:\/\/pr-\d+\.example\.com$/)).toBe(
      'Write `origin: (origin) => /^https:\\/\\/pr-\\d+\\.example\\.com$/.test(origin)`. Patterns cannot say this exactly. Check that every variable part matches only your own hosts.',
    );
    expect(remedy(/^https:\/\/.+$/, true)).toBe(
      "Write `origin: 'https://app.example.com'`. Anyone can register a host that the expression matches, so list the origins you trust.",
    );
  });

  it('turns the whole list into one predicate if patterns cannot say it', () => {
    const origin = [
      'https://a.example',
      /^https:\/\/pr-\d+\.example\.com$/,
      'https://*.b.example',
      'https://app-*.b.example',
      'http://localhost:*',
      /^https:\/\/c\.example$/,
    ];
    const remedies = validate({ origin }).problems.map(({ remedy }) => remedy.slice(0, remedy.indexOf('`.')));
    const code = [
      "['https://a.example', 'https://c.example'].includes(origin)",
      '/^https:\\/\\/(?:[a-z0-9_-]+\\.)+b\\.example$/.test(origin)',
      '/^https:\\/\\/(?!xn--)app-[a-z0-9-]+\\.b\\.example$/.test(origin)',
      '/^http:\\/\\/localhost(?::\\d+)?$/.test(origin)',
      '/^https:\\/\\/pr-\\d+\\.example\\.com$/.test(origin)',
    ];
    expect(remedies).toEqual([0, 1].map(() => `Write \`origin: (origin) => ${code.join(' || ')}`));
  });

  it('in a long list has its whole translation as the remedy', () => {
    const others = Array.from({ length: 20 }, (_, index) => `https://a${index}.example`);
    const remedyOf = (expression: RegExp) => validate({ origin: [...others, expression] }).problems[0]?.remedy;
    expect(remedyOf(/^https:\/\/(a|b)\.example$/)).toBe(
      "Write `'https://a.example', 'https://b.example'` in its place.",
    );
    expect(remedyOf(/^https:\/\/pr-\d+\.example\.com$/)).toContain('Write `origin: (origin) => [');
    expect(remedyOf(/^https:\/\/.+\.[a-z]+$/)).toMatch(/^Remove this entry\. Anyone can register a host/);
  });
});

describe('a text that boots', () => {
  it.each([
    ['http://app.example.com', ['insecure-origin']],
    ['http://*.example.com', ['insecure-origin']],
    ['http://evillocalhost', ['insecure-origin']],
    ['http://localhost.example.com', ['insecure-origin']],
    ['http://128.0.0.1', ['insecure-origin']],
    ['http://[::2]', ['insecure-origin']],
    ['http://localhost:3000', []],
    ['http://*.localhost', []],
    ['http://127.8.9.10', []],
    ['http://[::1]', []],
    ['https://app.example.com', []],
    ['capacitor://localhost', []],
  ])('%s has exactly the warnings %j', (origin, expected) => {
    expect(warningCodes({ origin })).toEqual(expected);
    expect(warningCodes({ origin: [origin] })).toEqual(expected);
  });

  it.each([
    ['http://localhost:3000', true, ['loopback-in-production']],
    ['http://localhost:*', true, ['loopback-in-production']],
    ['https://localhost:3000', true, ['loopback-in-production']],
    ['http://127.0.0.1:8080', true, ['loopback-in-production']],
    ['http://[::1]:5173', true, ['loopback-in-production']],
    ['http://*.localhost:*', true, ['loopback-in-production']],
    ['http://app-*.localhost:3000', true, ['loopback-in-production']],
    // The pages of shipped Capacitor, Ionic and Tauri applications.
    ['https://localhost', true, []],
    ['http://localhost', true, []],
    ['http://tauri.localhost', true, []],
    ['https://tauri.localhost', true, []],
    ['http://*.localhost', true, []],
    ['http://127.0.0.1', true, []],
    ['http://[::1]', true, []],
    ['capacitor://localhost', true, []],
    ['ionic://localhost:8100', true, []],
    ['https://example.com:3000', true, []],
    ['http://localhost:*', false, []],
    ['http://localhost:3000', false, []],
    ['https://localhost.example.com', true, []],
  ])('%s in production (%j) has exactly the warnings %j', (origin, production, expected) => {
    expect(warningCodes({ origin: [origin] }, { production })).toEqual(expected);
  });

  it.each([
    [['*'], []],
    [['*', ORIGIN], ['wildcard-mixed']],
    [[ORIGIN, '*'], ['wildcard-mixed']],
    [[ORIGIN, 'https://*.example.com'], []],
  ])('in %j has exactly the warnings %j', (origin, expected) => {
    expect(warningCodes({ origin })).toEqual(expected);
  });
});

describe('a list of origins that several policies inherit', () => {
  it('is read once if it has no findings', () => {
    let reads = 0;
    const get = (list: readonly string[], name: string) => {
      reads += Number(name === '0');
      return Reflect.get(list, name);
    };
    const origin = new Proxy([ORIGIN], { get } as ProxyHandler<string[]>);
    const faultlessLists = new Map();
    expect(codes({ origin, maxAge: 1 }, { faultlessLists })).toEqual([]);
    expect(codes({ origin, maxAge: 2 }, { faultlessLists })).toEqual([]);
    expect(reads).toBe(1);
  });

  it('is checked again for a policy with credentials, and for one that forbids insecure origins', () => {
    const shared = { faultlessLists: new Map() };
    const origin = ['https://*.vercel.app'];
    expect(codes({ origin }, shared)).toEqual([]);
    expect(codes({ origin, credentials: true }, shared)).toEqual(['credentials-public-suffix']);
    const insecure = ['http://app.example.com'];
    const options = { origin: insecure, credentials: true };
    expect(codes({ ...options, dangerouslyAllowInsecureOrigins: true }, shared)).toEqual([]);
    expect(codes(options, shared)).toEqual(['credentials-insecure-origin']);
  });

  it('is reported for each policy', () => {
    const shared = { faultlessLists: new Map() };
    const origin = ['http://app.example.com', 'app.example.com'];
    for (const maxAge of [1, 2]) {
      expect(codes({ origin, maxAge }, shared)).toEqual(['origin-invalid']);
      expect(warningCodes({ origin, maxAge }, shared)).toEqual(['insecure-origin']);
    }
  });
});
