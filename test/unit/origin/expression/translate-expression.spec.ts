import { isWellFormedOrigin } from '../../../../src/origin/grammar/origin-grammar.js';
import { isLoopbackHost } from '../../../../src/origin/grammar/origin-hosts.js';
import { allowing, CREDENTIALS, PLAIN, shown, stateless, translate } from './translations.js';

const EVIL = [
  'https://evil.net',
  'http://evil.net:3000',
  'https://evilexample.com',
  'https://evil-example.com',
  'https://example.com.evil.net',
  'https://app.example.com.evil.net',
  'https://exampleXcom.evil.net',
  'https://appxexample.com',
  'https://examplexcom.net',
  'https://localhost.evil.net',
  'http://evillocalhost:3000',
  'http://10.evil.net',
  'http://192.168.evil.net',
  'http://192.168.1.evil.net:3000',
  'https://evil.vercel.app.net',
].filter(isWellFormedOrigin);

/** The flag v, which TypeScript's target does not know in a literal. */
const UNICODE_SETS = 'v';

/** An expression, what is shown instead, and origins that it was meant for. */
type Row = readonly [expression: RegExp, expected: readonly string[] | string, meant: readonly string[]];

const PATTERNS: readonly Row[] = [
  [
    /^https:\/\/(.+\.)?example\.com$/,
    ['https://example.com', 'https://*.example.com'],
    ['https://example.com', 'https://b.a.example.com'],
  ],
  [/\.example\.com$/, ['https://*.example.com'], ['https://a.example.com']],
  [
    /^https?:\/\/localhost(:\d+)?$/,
    ['http://localhost:*', 'https://localhost:*'],
    ['http://localhost', 'http://localhost:3000', 'https://localhost:1'],
  ],
  [
    /^https:\/\/(app|admin)\.example\.(com|org)$/,
    ['https://app.example.com', 'https://app.example.org', 'https://admin.example.com', 'https://admin.example.org'],
    ['https://app.example.com', 'https://admin.example.org'],
  ],
  [
    /^https:\/\/app-git-[a-z0-9-]+-acme\.vercel\.app$/,
    ['https://app-git-*-acme.vercel.app'],
    ['https://app-git-main-acme.vercel.app'],
  ],
  [/^https:\/\/.*-acme\.apps\.example\.dev$/, ['https://*-acme.apps.example.dev'], ['https://x-acme.apps.example.dev']],
  [/^https:\/\/app.example\.com$/, ['https://app.example.com'], ['https://app.example.com']],
  [/^https:\/\/app.example.com$/, ['https://app.example.com'], ['https://app.example.com']],
  [/^https:\/\/app[.]example[.]com.*$/, ['https://app.example.com'], ['https://app.example.com']],
  [
    /^https:\/\/.*example\.com$/,
    ['https://example.com', 'https://*.example.com'],
    ['https://example.com', 'https://a.example.com'],
  ],
  [/example\.com$/, ['https://example.com', 'https://*.example.com'], ['https://example.com', 'https://a.example.com']],
  [
    /^https:\/\/[\w.-]*example\.com$/,
    ['https://example.com', 'https://*.example.com'],
    ['https://example.com', 'https://a.example.com'],
  ],
  [
    /^https:\/\/(www\.|shop)?example\.com$/,
    ['https://example.com', 'https://www.example.com'],
    ['https://example.com', 'https://www.example.com'],
  ],
  [
    /^https:\/\/([a-z0-9-]+\.)*example\.com.*/,
    ['https://example.com', 'https://*.example.com'],
    ['https://example.com', 'https://b.a.example.com'],
  ],
  [
    /^(https?:\/\/)?(www\.)?example\.com\/?$/i,
    ['http://example.com', 'https://example.com', 'http://www.example.com', 'https://www.example.com'],
    ['http://example.com', 'https://www.example.com'],
  ],
  [
    /^https?:\/\/(?:.*\.)?example\.com(?::\d{1,5})?(?:\/.*)?$/,
    ['http://example.com:*', 'https://example.com:*', 'http://*.example.com:*', 'https://*.example.com:*'],
    ['http://example.com', 'https://a.example.com:8443'],
  ],
  [
    /^https:\/\/[ab]\.example\.com:(3000|300[12])$/,
    ['a:3000', 'b:3000', 'a:3001', 'a:3002', 'b:3001', 'b:3002'].map(
      (text) => `https://${text.replace(':', '.example.com:')}`,
    ),
    ['https://a.example.com:3000', 'https://b.example.com:3002'],
  ],
  [
    /^https:\/\/app(-[a-z0-9-]+)?\.example\.com$/,
    ['https://app.example.com', 'https://app-*.example.com'],
    ['https://app.example.com', 'https://app-1.example.com'],
  ],
  [
    /^https:\/\/(a|b){2}\.example\.com$/,
    ['aa', 'ab', 'ba', 'bb'].map((name) => `https://${name}.example.com`),
    ['https://ab.example.com'],
  ],
  [/^https:\/\/acme[a-z]*\.com$/, ['https://acme.com'], ['https://acme.com']],
  [/^https:\/\/App\.Example\.com$/, ['https://app.example.com'], []],
  [/^https:\/\/(?<name>app)\.example\.com$/u, ['https://app.example.com'], ['https://app.example.com']],
  [/^https:\/\/\u0061pp\x2eexample\.com$/gy, ['https://app.example.com'], ['https://app.example.com']],
  [
    new RegExp('^https:\\/\\/[[ab]&&a]\\.example\\.com$', UNICODE_SETS),
    ['https://a.example.com'],
    ['https://a.example.com'],
  ],
  [/^https?.*\.example\.com$/, ['http://*.example.com', 'https://*.example.com'], ['https://a.example.com']],
  [/^http:\/\/\[::1\](:\d+)?$/, ['http://[::1]:*'], ['http://[::1]', 'http://[::1]:3000']],
  [/^https?:\/\/127\.0\.0\.1:?\d*$/, ['http://127.0.0.1:*', 'https://127.0.0.1:*'], ['http://127.0.0.1:3000']],
  [/^capacitor:\/\/localhost$/, ['capacitor://localhost'], ['capacitor://localhost']],
  [/^app:\/\/\.$/, ['app://.'], ['app://.']],
  [
    /^https:\/\/app.*example\.com$/,
    ['https://app.example.com', 'https://app*.example.com'],
    ['https://app.example.com'],
  ],
  [
    /^https:\/\/a\.example\.com$|^http:\/\/b\.example\.com$/,
    ['https://a.example.com', 'http://b.example.com'],
    ['https://a.example.com', 'http://b.example.com'],
  ],
  [/.+/, ['*'], ['https://a.example.com']],
  [/(?:)/, ['*'], ['https://a.example.com']],
  [/./, ['*'], ['https://a.example.com']],
  [/^.+.$/, ['*'], ['https://a.example.com']],
];

const PREDICATES: readonly Row[] = [
  [/^https:\/\/pr-\d+\.example\.com$/, '/^https:\\/\\/pr-\\d+\\.example\\.com$/', ['https://pr-12.example.com']],
  [/^https:\/\/pr-\d+\.example\.com.*/, '/^https:\\/\\/pr-\\d+\\.example\\.com$/', ['https://pr-12.example.com']],
  [/^https:\/\/[a-z]+.example\.com$/, '/^https:\\/\\/[a-z]+\\.example\\.com$/', ['https://a.example.com']],
  [/^https:\/\/[a-z0-9-]+\.example\.com$/gi, '/^https:\\/\\/[a-z0-9-]+\\.example\\.com$/', ['https://a.example.com']],
  [/^https:\/\/[a-zA-Z0-9-]+\.example\.com$/, '/^https:\\/\\/[a-z0-9-]+\\.example\\.com$/', ['https://a.example.com']],
  [/^http:\/\/localhost:\d+$/, '/^http:\\/\\/localhost:\\d+$/', ['http://localhost:3000']],
  [
    /^http:\/\/192\.168\./,
    '/^http:\\/\\/192\\.168\\.\\d{1,3}\\.\\d{1,3}(?::\\d+)?$/',
    ['http://192.168.1.2', 'http://192.168.1.2:3000'],
  ],
  [/^http:\/\/10\..*$/, '/^http:\\/\\/10\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}(?::\\d+)?$/', ['http://10.0.0.1:3000']],
  [
    /^https:\/\/(?!old\.).*\.example\.com$/,
    '/^https:\\/\\/[a-z0-9_.-]+\\.example\\.com$/ && /^https:\\/\\/(?!old\\.).*\\.example\\.com$/',
    ['https://a.example.com'],
  ],
  [
    /(?!old\.).*\.example\.com$/,
    '/^https:\\/\\/[a-z0-9_.-]+\\.example\\.com$/ && /(?!old\\.).*\\.example\\.com$/',
    ['https://a.example.com'],
  ],
  [/^https:\/\/pr-\d+\.example\.com\/$/, '/^https:\\/\\/pr-\\d+\\.example\\.com$/', []],
  // These take seconds for an origin of a stranger.
  [
    /^https:\/\/(?:[a-z]|[a-z0-9])+\.example\.com$/,
    '/^https:\\/\\/[a-z0-9]+\\.example\\.com$/',
    ['https://a.example.com'],
  ],
  [
    /^https:\/\/(?:[a-z]+-?){9}\.example\.com$/,
    '/^https:\\/\\/[a-z-]+\\.example\\.com$/',
    ['https://aaaaaaaaa.example.com'],
  ],
  [
    /^https:\/\/[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*\.example\.com$/,
    '/^https:\\/\\/[a-z]+\\.example\\.com$/',
    ['https://a.example.com'],
  ],
];

/** None of them ends in a domain of the writer. */
const NOTHING: readonly RegExp[] = [
  /^https:\/\/example\.[a-z]+$/,
  /^https:\/\/example\..*$/,
  /^https:\/\/example\./,
  /^https:\/\/app/,
  // An assertion that holds in every round of a repeated group.
  /^https:\/\/(?:(?!evil)[a-z])+\.example\.com$/,
  /^https:\/\/((?!-)[a-z0-9-]{1,63}(?<!-)\.)+example\.com$/,
  /^https:\/\/(?:[a-z]$)+\.example\.com$/,
  // Hosts of one character, and without a dot.
  /^https:\/\/[^/]$/,
  /^https:\/\/[a-z]{2,}.*/,
  // Anyone can register such a name.
  /-acme\.co\.uk$/,
  /^https:\/\/.*-acme\.com$/,
  // An invalid port.
  /^https:\/\/example\.com:\d+#$/,
  /^https:\/\/(\w)\1\.example\.com$/,
  /^https:\/\/(\w)\1\.example\.com$/u,
  new RegExp('^https://(\\w)\\1\\.example\\.com$', UNICODE_SETS),
  /^https:\/\/(?<name>\w)\k<name>\.example\.com$/,
  // Slow, and not expressible in a faster way.
  /^https:\/\/(?=([a-z]+)+x)[a-z]+\.example\.com$/,
  /^https:\/\/(?!x)[a-z]*[a-z]*[a-z]*[a-z]*\.example\.com$/,
  /^https:\/\/[a-z]+x[a-z]+y[a-z]+z[a-z]+\.example\.com$/,
  /^https:\/\/[a-z]{0,30}[a-y]{0,30}[a-x]{0,30}[a-w]{0,30}\.example\.com$/,
  /^https:\/\/.*example/,
  /^https:\/\/[a-z]+\.example/,
  /^https:\/\/acme\d+\.com$/,
  /^https:\/\/\d+\.\d+\.\d+\.\d+$/,
  /^https:\/\/app\.example\.com.+$/,
  /^https:\/\/999\.1\.1\.1$/,
  /^(?!old)app\.example\.com$/,
  new RegExp(`^https://(?:${Array.from({ length: 2000 }, (_, index) => `a${index}`).join('|')})\\.example\\.com$`),
  new RegExp(`^https://${'(?:a|b|c|d)x'.repeat(20)}\\.example\\.com$`),
  new RegExp(`${'('.repeat(50)}a${')'.repeat(50)}\\.example\\.com$`),
];

describe('translateExpression', () => {
  it.each(PATTERNS)('translates %p into patterns', (expression, expected, meant) => {
    const translation = translate(expression);
    expect(shown(translation)).toEqual(expected);
    if (translation === undefined) {
      return;
    }
    const allows = allowing(translation);
    expect(meant.filter((origin) => !allows(origin))).toEqual([]);
    expect(meant.filter((origin) => !stateless(expression).test(origin))).toEqual([]);
    if (expected[0] !== '*') {
      expect(EVIL.filter(allows)).toEqual([]);
    }
  });
});

describe('translateExpression', () => {
  it.each(PREDICATES)('translates %p into conditions', (expression, expected, meant) => {
    const translation = translate(expression);
    expect(shown(translation)).toBe(expected);
    if (translation === undefined) {
      return;
    }
    const allows = allowing(translation);
    expect(meant.filter((origin) => !allows(origin))).toEqual([]);
    expect(EVIL.filter(allows)).toEqual([]);
  });
});

it.each(NOTHING)('translateExpression finds no translation for %p', (expression) => {
  expect(translate(expression)).toBeUndefined();
  expect(translate(expression, CREDENTIALS)).toBeUndefined();
});

describe('translateExpression with credentials', () => {
  it.each<[RegExp, readonly string[] | string | undefined]>([
    [/^https?:\/\/app\.example\.com$/, ['https://app.example.com']],
    [/^http:\/\/app\.example\.com$/, ['https://app.example.com']],
    [/^https?:\/\/localhost(:\d+)?$/, ['http://localhost:*', 'https://localhost:*']],
    [/^https?:\/\/pr-\d+\.example\.com$/, '/^https:\\/\\/pr-\\d+\\.example\\.com$/'],
    [/^https:\/\/.*\.vercel\.app$/, undefined],
    [/^https:\/\/[a-z]+\.vercel\.app$/, undefined],
    [/^https:\/\/.*\.co\.uk$/, undefined],
    [/^https:\/\/.*\.com$/, undefined],
    [/^https:\/\/.+$/, undefined],
    [/^http:\/\/(?!old\.).*\.example\.com$/, undefined],
    [/.*/, undefined],
    [/^https:\/\/(.*\.vercel\.app|app\.example\.com)$/, ['https://app.example.com']],
  ])('translates %p into %j', (expression, expected) => {
    expect(shown(translate(expression, CREDENTIALS))).toEqual(expected);
  });

  it.each<[RegExp, readonly string[] | string]>([
    [/^https:\/\/.*\.vercel\.app$/, ['https://*.vercel.app']],
    [/^https:\/\/.+$/, '/^https:\\/\\/.+$/'],
  ])('translates %p into %j without credentials', (expression, expected) => {
    expect(shown(translate(expression, PLAIN))).toEqual(expected);
  });
});

it('translateExpression keeps a lookahead that excludes hosts', () => {
  const expression = /^(?!https:\/\/evil).*$/;
  expect(shown(translate(expression))).toBe('/^https?:\\/\\/.+$/ && /^(?!https:\\/\\/evil).*$/');
  expect(translate(expression, CREDENTIALS)).toBeUndefined();
});

describe('translateExpression with expressions from public configurations', () => {
  const meantFor: readonly (readonly [RegExp, readonly string[]])[] = [
    [/localhost:(?:\d{0,5})$/, ['http://localhost:3000']],
    [/\.example\.(org|com)$/, ['https://a.example.org', 'https://a.example.com']],
    [/https?:\/\/localhost:[\d]{4}/, ['http://localhost:3000', 'https://localhost:3000']],
    [/http:\/\/localhost:*/, ['http://localhost:3000']],
    [/127.0.0.1*/, ['http://127.0.0.1:3000']],
    [/localhost*/, ['http://localhost:3000']],
    [/^https?:\/\/localhost/, ['http://localhost', 'http://localhost:3000']],
    [/localhost/, ['http://localhost:3000']],
    [/127\.0\.0\.1:3000$/, ['http://127.0.0.1:3000']],
    [
      /^https?:\/\/(?:(?:[^:]+\.)?localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/,
      ['http://a.localhost:3000', 'http://127.0.0.1', 'https://[::1]:3000'],
    ],
    [/^http:\/\/(localhost|127\.0\.0\.1):\d+$/, ['http://localhost:3000', 'http://127.0.0.1:1']],
    [/^https:\/\/acme-[a-z0-9]+-team-projects-88486\.vercel\.app$/, ['https://acme-x1-team-projects-88486.vercel.app']],
    [
      /^https:\/\/acme-compendium[\w-]*\.vercel\.app$/,
      ['https://acme-compendium.vercel.app', 'https://acme-compendium-1.vercel.app'],
    ],
    [/^https:\/\/acme-crm-.*\.vercel\.app$/, ['https://acme-crm-git-main.vercel.app']],
    [/^https:\/\/([a-z0-9-]+\.)*example\.io$/i, ['https://example.io', 'https://b.a.example.io']],
    [/^https:\/\/(?:[a-z0-9-]+\.)*projects\.example\.codes$/i, ['https://a.projects.example.codes']],
    [/^https:\/\/id-preview--dff2aabe-4f5d\.lovable\.app$/, ['https://id-preview--dff2aabe-4f5d.lovable.app']],
    [/(^|.*\.)my-shop\.example$/, ['https://a.my-shop.example']],
    [/.*\.example\.com.*/, ['https://a.example.com']],
    [/^.*\.localhost:\d+$/, ['http://a.localhost:3000']],
    [/example\.com(:\d{1,4})?$/, ['https://example.com', 'https://a.example.com:8443']],
    [/^http:\/\/200\.3\.127\.46(:\d+)?$/, ['http://200.3.127.46', 'http://200.3.127.46:3000']],
    [
      /^https?:\/\/(localhost|app\.example\.com|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[0-1])\.\d+\.\d+):(3002|3003|517[3-9])$/,
      ['http://localhost:3002', 'https://app.example.com:5173', 'http://172.20.1.1:5179'],
    ],
    [/^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/, ['http://localhost', 'https://127.0.0.1:3000']],
  ];

  it.each(meantFor)('allows what %p was meant for', (expression, meant) => {
    for (const rules of [PLAIN, CREDENTIALS]) {
      const translation = translate(expression, rules);
      if (translation === undefined) {
        throw new Error('there is no translation');
      }
      const allows = allowing(translation);
      const isSecure = (origin: string) =>
        origin.startsWith('https:') || isLoopbackHost(new URL(origin).hostname) || rules === PLAIN;
      const secure = meant.filter(isSecure);
      expect(secure.filter((origin) => !allows(origin))).toEqual([]);
      expect(EVIL.filter(allows)).toEqual([]);
    }
  });
});
