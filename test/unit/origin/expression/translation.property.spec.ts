import fc from 'fast-check';
import type { Translation } from '../../../../src/origin/expression/translate-expression.js';
import { isWellFormedOrigin } from '../../../../src/origin/grammar/origin-grammar.js';
import { allowing, CREDENTIALS, PLAIN, shown, stateless, translate } from './translations.js';

/** A part of an expression with texts that it was meant for. */
interface Piece {
  readonly source: string;
  readonly meant: readonly string[];
}

interface Drawn {
  readonly expression: RegExp;
  readonly domain: string;
  readonly meant: readonly string[];
  /** Whether it has no mistake: then the translation matches the same. */
  readonly careful: boolean;
}

const piece = (source: string, ...meant: string[]): Piece => ({ source, meant });

const DOMAINS = ['example.com', 'acme.co.uk', 'my-shop.example.org', 'localhost', '127.0.0.1', 'acme.vercel.app'];
const schemes = fc.constantFrom(
  piece('https', 'https'),
  piece('http', 'http'),
  piece('https?', 'http', 'https'),
  piece('http(s)?', 'http', 'https'),
  piece('(?:https|http)', 'http', 'https'),
  piece('http[s]?', 'http', 'https'),
);
const subdomains = fc.constantFrom(
  piece('', ''),
  piece('app\\.', 'app.'),
  piece('(?:app|admin)\\.', 'app.', 'admin.'),
  piece('(www\\.)?', '', 'www.'),
  piece('(?:www\\.|shop\\.)?', '', 'www.', 'shop.'),
  piece('(.+\\.)?', '', 'a.', 'b.a.'),
  piece('(?:.*\\.)?', '', 'a.', 'b.a.'),
  piece('.*\\.', 'a.', 'b.a.'),
  piece('.+\\.', 'a.', 'b.a.'),
  piece('([a-z0-9-]+\\.)*', '', 'a.', 'b.a.'),
  piece('(?:[a-z0-9-]+\\.)+', 'a.', 'b.a.'),
  piece('[a-z0-9-]+\\.', 'a.', 'a-1.'),
  piece('[^.]+\\.', 'a.', 'a-1.'),
  piece('\\w+\\.', 'a.', 'a1.'),
  piece('pr-\\d+\\.', 'pr-1.', 'pr-23.'),
  piece('app-[a-z0-9-]+\\.', 'app-a.', 'app-a-1.'),
  piece('[\\w-]+-app\\.', 'a-app.', 'a-1-app.'),
  piece('app[0-9]\\.', 'app1.', 'app9.'),
  piece('[ab]{1,2}\\.', 'a.', 'ab.'),
  piece('app(?:-[a-z0-9]+)?\\.', 'app.', 'app-1.'),
  piece('(?:[a-z]+\\.){1,2}', 'a.', 'b.a.'),
  piece('[a-z0-9]+(?:-[a-z0-9]+)*\\.', 'a.', 'a-1.'),
);
const careless = fc.constantFrom(
  piece('.*', '', 'a.'),
  piece('[\\w.-]*', '', 'a.'),
  piece('(www\\.|shop)?', '', 'www.'),
  piece('[a-z]+.', 'a.'),
  piece('(?:[a-z]|[a-z0-9])+\\.', 'a.'),
  piece('(?:[a-z]+-?){9}\\.', 'aaaaaaaaa.'),
  piece('[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*\\.', 'a.'),
  piece('app.*', 'app.'),
);
const ports = fc.constantFrom(
  piece('', ''),
  piece('', ''),
  piece(':3000', ':3000'),
  piece('(:\\d+)?', '', ':3000'),
  piece('(?::[0-9]{1,5})?', '', ':3000'),
  piece(':\\d+', ':3000'),
  piece(':(3000|8080)', ':3000', ':8080'),
  piece('(:300[01])?', '', ':3001'),
  piece('(:\\d{4})?', '', ':3000'),
);
const ends = fc.constantFrom('$', '\\/?$', '(\\/.*)?$', '(?:\\/|$)');
const openEnds = fc.constantFrom('', '.*', '.*$', '\\b');

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    domain: fc.constantFrom(...DOMAINS),
    dot: fc.constantFrom('\\.', '[.]', '\\x2e', '.'),
    scheme: schemes,
    sub: fc.oneof({ weight: 4, arbitrary: subdomains }, { weight: 1, arbitrary: careless }),
    port: ports,
    start: fc.oneof(
      { weight: 4, arbitrary: fc.constant('^') },
      { weight: 1, arbitrary: fc.constantFrom('', '.*', 'no scheme', '^.*', '\\/\\/') },
    ),
    end: fc.oneof({ weight: 4, arbitrary: ends }, { weight: 1, arbitrary: openEnds }),
    wrapped: fc.constantFrom('', '', '(?:', '('),
    flags: fc.constantFrom('', '', 'i', 'g', 'u', 'gi'),
    second: fc.constantFrom('', '', '', '|^https:\\/\\/fixed\\.example\\.net$'),
  })
  .map(({ domain, dot, scheme, sub, port, start, end, wrapped, flags, second }) => {
    const withScheme = start === '^' || start === '';
    const authority = `${sub.source}${domain.replaceAll('.', dot)}${port.source}`;
    const opening = withScheme ? `${start}${scheme.source}:\\/\\/` : start === 'no scheme' ? '' : start;
    const body = wrapped === '' ? authority : `${wrapped}${authority})`;
    const meantSchemes = withScheme ? scheme.meant : ['https'];
    return {
      expression: new RegExp(`${opening}${body}${end}${second}`, flags),
      domain,
      meant: [
        ...meantSchemes.flatMap((one) =>
          sub.meant.flatMap((name) => port.meant.map((number) => `${one}://${name}${domain}${number}`)),
        ),
        ...(second === '' ? [] : ['https://fixed.example.net']),
      ],
      careful: start === '^' && end.includes('$') && end !== '.*$' && dot !== '.' && !CARELESS.has(sub.source),
    };
  });

const CARELESS = new Set(['.*', '[\\w.-]*', '(www\\.|shop)?', '[a-z]+.', '(?:[a-z]+-?){9}\\.', 'app.*']);

/** Origins of a domain, and similar ones. */
function candidates(domain: string): readonly string[] {
  const hosts = [
    ...[
      '',
      'a.',
      'www.',
      'app.',
      'admin.',
      'b.a.',
      'pr-1.',
      'pr-x.',
      'app-a.',
      'app-.',
      'a-app.',
      'app1.',
      'ab.',
      'abc.',
    ].map((name) => name + domain),
    ...[
      'a-1.',
      'a1.',
      'app-a-1.',
      'app-a.b.',
      'aaaaaaaaa.',
      'shop.',
      'shop',
      'evil',
      'evil-',
      'www',
      'app',
      'x.evil',
    ].map((name) => name + domain),
    `${domain}.evil.net`,
    `${domain}evil.net`,
    `app.${domain}.evil.net`,
    `evil.example.${domain}.evil.net`,
    domain.replace('.', 'x'),
    `app.${domain.replace('.', '-')}`,
    `${domain}m`,
    domain.slice(1),
    'evil.net',
    'fixed.example.net',
  ];
  return ['http', 'https', 'xhttps', 'capacitor']
    .flatMap((scheme) =>
      hosts.flatMap((host) =>
        ['', ':3000', ':3001', ':8080', ':1', ':65535', ':443'].map((port) => `${scheme}://${host}${port}`),
      ),
    )
    .filter(isWellFormedOrigin);
}

/** Whether an origin belongs to the owner of a domain. */
function isOwn(origin: string, domain: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === domain || hostname.endsWith(`.${domain}`) || hostname === 'fixed.example.net';
}

/** Whether an expression repeats a group: the translation repeats characters, which is faster and may match more. */
function isWidened({ source }: RegExp): boolean {
  return /\)[*+{]/.test(source);
}

/** Fails with the expression and its translation if some origins are wrong. */
function expectNone(wrong: readonly string[], expression: RegExp, translation: Translation): void {
  if (wrong.length > 0) {
    throw new Error(`${expression} became ${JSON.stringify(shown(translation))}, wrong for ${wrong.slice(0, 5)}`);
  }
}

describe('the translation of a generated expression', () => {
  it('matches no more than the expression, and no stranger', () => {
    const counts = { patterns: 0, conditions: 0, none: 0 };
    fc.assert(
      fc.property(drawn, ({ expression, domain }) => {
        const translation = translate(expression);
        if (translation === undefined) {
          counts.none++;
          return;
        }
        counts[translation.conditions.length > 0 ? 'conditions' : 'patterns']++;
        const original = stateless(expression);
        const widened = isWidened(expression);
        const allowed = candidates(domain).filter(allowing(translation));
        const wrong = allowed.filter((origin) => !isOwn(origin, domain) || !(widened || original.test(origin)));
        expectNone(wrong, expression, translation);
      }),
      { numRuns: 500 },
    );
    expect(counts.patterns).toBeGreaterThan(100);
    expect(counts.conditions).toBeGreaterThan(100);
    expect(counts.none).toBeLessThan(200);
  });

  it('matches all that the expression was meant for', () => {
    fc.assert(
      fc.property(drawn, ({ expression, domain, meant, careful }) => {
        const translation = translate(expression);
        if (translation === undefined) {
          return;
        }
        const allows = allowing(translation);
        const original = stateless(expression);
        const matched = meant.filter((origin) => isWellFormedOrigin(origin) && original.test(origin));
        const wrong = matched.filter((origin) => !allows(origin));
        expectNone(wrong, expression, translation);
        if (careful) {
          const different = candidates(domain).filter((origin) => original.test(origin) !== allows(origin));
          expectNone(different, expression, translation);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('matches no stranger with credentials, and http: only on loopback hosts', () => {
    fc.assert(
      fc.property(drawn, ({ expression, domain }) => {
        const translation = translate(expression, CREDENTIALS);
        if (translation === undefined) {
          return;
        }
        const original = stateless(expression);
        const loopback = domain === 'localhost' || domain === '127.0.0.1';
        const wrong = candidates(domain)
          .filter(allowing(translation))
          .filter(
            (origin) =>
              !isOwn(origin, domain) ||
              (origin.startsWith('http:') && !loopback && !origin.includes('//localhost')) ||
              !(isWidened(expression) || original.test(origin) || original.test(origin.replace('https:', 'http:'))),
          );
        expectNone(wrong, expression, translation);
      }),
      { numRuns: 300 },
    );
  });

  it('throws for no expression that compiles', () => {
    const pieces = [
      '(',
      '(?:',
      ')',
      '[',
      ']',
      '{',
      '}',
      '{2}',
      '{1,3}',
      '?',
      '*',
      '+',
      '|',
      '^',
      '$',
      '.',
      '\\',
      '\\.',
      '\\b',
    ];
    const more = [
      '(?=',
      '(?!',
      '(?<=',
      '(?<n>',
      '\\k<n>',
      '\\1',
      '\\d',
      '\\x61',
      '\\u0061',
      '\\u{61}',
      '\\p{L}',
      '\\cA',
      '-',
      ':',
    ];
    const texts = [
      'https',
      '://',
      ':\\/\\/',
      'example',
      'com',
      'a-z',
      'localhost',
      ':3000',
      '\u00e9',
      '\ud83d\ude00',
      'A',
      '&&',
      '/',
    ];
    const sources = fc.array(fc.constantFrom(...pieces, ...more, ...texts), { maxLength: 14 });
    let compiled = 0;
    fc.assert(
      fc.property(sources, fc.constantFrom('', 'i', 'u', 'v', 'gi'), (parts, flags) => {
        let expression: RegExp;
        try {
          expression = new RegExp(parts.join(''), flags);
        } catch {
          return;
        }
        compiled++;
        for (const rules of [PLAIN, CREDENTIALS]) {
          const translation = translate(expression, rules);
          if (translation !== undefined) {
            allowing(translation)('https://app.example.com');
          }
        }
      }),
      { numRuns: 5000 },
    );
    expect(compiled).toBeGreaterThan(500);
  });

  it('takes bounded time, however many expressions are joined', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 20, maxLength: 40 }), (all) => {
        const source = all.map(({ expression }) => `(?:${expression.source})`).join('|');
        const started = performance.now();
        translate(new RegExp(source), PLAIN);
        expect(performance.now() - started).toBeLessThan(2000);
      }),
      { numRuns: 20 },
    );
  });
});
