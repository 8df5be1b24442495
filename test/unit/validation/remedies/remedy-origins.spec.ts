import { compileOrigins, type WrittenOrigins } from '../../../../src/origin/compile-origins.js';
import { isWellFormedOrigin } from '../../../../src/origin/grammar/origin-grammar.js';
import { POLICY_TABLE } from '../../../../src/validation/options/policy-table.js';
import { applied, copied, remedyCode, validate } from '../validation.js';

const STRANGERS = [
  'https://evil.net',
  'http://evil.net',
  'https://evilexample.com',
  'https://evil-example.com',
  'https://shopexample.com',
  'https://example.com.evil.net',
  'https://app.example.com.evil.net',
  'https://appxexample.com',
  'https://a.b.example.net',
  'https://evil.vercel.app',
  'https://evil.co.uk',
  'http://evillocalhost:3000',
  'https://localhost.evil.net',
  'http://10.0.0.evil.net',
];

/** Whether an `origin` option allows an origin. */
function allows(option: WrittenOrigins, origin: string): boolean {
  const matcher = compileOrigins(option);
  if (!isWellFormedOrigin(origin)) {
    return false;
  }
  if (matcher.kind === 'predicate') {
    return matcher.predicate(origin, undefined as never) === true;
  }
  return matcher.kind === 'any' || (matcher.kind === 'static' && matcher.allows(origin));
}

describe('the code of a remedy', () => {
  const credentials = true;
  it.each<[string, object, readonly string[]]>([
    ['origin-invalid', { origin: 'https://App.Example.com:443/' }, ['https://app.example.com']],
    [
      'origin-invalid',
      { origin: ['app.example.com', 'https://b.example.com'] },
      ['https://app.example.com', 'https://b.example.com'],
    ],
    ['origin-invalid', { origin: 'http://app.example.com/', credentials }, ['https://app.example.com']],
    ['origin-invalid', { origin: 'https://*.example.com/' }, ['https://a.example.com']],
    ['origin-null', { origin: ['null', 'https://app.example.com'] }, ['https://app.example.com']],
    ['option-type', { origin: new Set(['https://app.example.com', '*']), credentials }, ['https://app.example.com']],
    ['option-unknown', { origins: ['https://app.example.com/'] }, ['https://app.example.com']],
    ['option-unknown', { origins: /^https:\/\/pr-\d+\.example\.com$/ }, ['https://pr-1.example.com']],
    [
      'credentials-wildcard-origin',
      { origin: ['https://app.example.com', '*'], credentials },
      ['https://app.example.com'],
    ],
    ['credentials-insecure-origin', { origin: 'http://*.example.com', credentials }, ['https://a.example.com']],
    [
      'credentials-public-suffix',
      { origin: ['https://*.co.uk', 'https://app.example.com'], credentials },
      ['https://app.example.com'],
    ],
    [
      'origin-expression',
      { origin: /^https:\/\/.*example\.com$/, credentials },
      ['https://example.com', 'https://a.example.com'],
    ],
    ['origin-expression', { origin: /^https:\/\/[\w.-]*example\.com$/, credentials }, ['https://a.example.com']],
    ['origin-expression', { origin: /example\.com$/, credentials }, ['https://example.com', 'https://a.example.com']],
    [
      'origin-expression',
      { origin: /^https:\/\/(www\.|shop)?example\.com$/, credentials },
      ['https://www.example.com'],
    ],
    ['origin-expression', { origin: /^https:\/\/[a-z]+.example\.com$/, credentials }, ['https://app.example.com']],
    ['origin-expression', { origin: /^https:\/\/app.example.com$/, credentials }, ['https://app.example.com']],
    [
      'origin-expression',
      { origin: /^https:\/\/([a-z0-9-]+\.)*example\.com.*/, credentials },
      ['https://b.a.example.com'],
    ],
    ['origin-expression', { origin: /^https:\/\/pr-\d+\.example\.com.*/, credentials }, ['https://pr-1.example.com']],
    ['origin-expression', { origin: /^https:\/\/app[.]example[.]com.*/, credentials }, ['https://app.example.com']],
    ['origin-expression', { origin: /^https:\/\/example\.[a-z]+$/, credentials }, []],
    ['origin-expression', { origin: /^http:\/\/10\..*/ }, ['http://10.1.2.3:3000']],
    ['origin-expression', { origin: /.+/, credentials }, []],
    ['origin-expression', { origin: '^https://.*.example.com$', credentials }, ['https://a.example.com']],
    ['origin-expression', { origin: '^https://pr-d+.example.com$' }, ['https://pr-1.example.com']],
    [
      'origin-expression',
      { origin: /^https:\/\/(?:[a-z]|[a-z0-9])+\.example\.com$/, credentials },
      ['https://app1.example.com'],
    ],
    [
      'origin-expression',
      { origin: /^https:\/\/(?:[a-z]+-?){9}\.example\.com$/, credentials },
      ['https://a-bcdefghi.example.com'],
    ],
    [
      'origin-expression',
      {
        origin: [
          'https://a.example.org',
          /^https:\/\/pr-\d+\.example\.com$/,
          'https://*.b.example.org',
          'http://localhost:*',
          'app://.',
        ],
        credentials,
      },
      [
        'https://a.example.org',
        'https://pr-1.example.com',
        'https://x.y.b.example.org',
        'http://localhost:3000',
        'app://.',
      ],
    ],
  ])('boots and allows the intended origins, and no unrelated one: %s for %p', (code, options, meant) => {
    const { options: copy, problems: written } = copied(options, POLICY_TABLE);
    const [problem] = written.length > 0 ? written : validate(copy).problems;
    expect(problem?.code).toBe(code);
    if (problem === undefined) {
      return;
    }
    const { [problem.property ?? '']: _, ...others } = options as Record<string, unknown>;
    const corrected = applied(others, remedyCode(problem)[0] ?? '');
    const { options: booted, problems } = copied(corrected, POLICY_TABLE);
    expect([...problems, ...validate(booted).problems]).toEqual([]);
    const option = corrected.origin as WrittenOrigins;
    expect(meant.filter((origin) => !allows(option, origin))).toEqual([]);
    expect(STRANGERS.filter((origin) => allows(option, origin))).toEqual([]);
  });
});
