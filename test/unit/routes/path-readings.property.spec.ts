import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.js';
import { mergeLevels } from '../../../src/policy/merge.js';
import { PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { EnforceOption } from '../../../src/policy/policy-options.js';
import { PathPolicies, type PathPolicy } from '../../../src/routes/path-policies.js';
import '../../support/property-seed.js';

const compiler = new PolicyCompiler();
const compiled = (name: string, enforce: EnforceOption): CompiledPolicy =>
  compiler.compile(mergeLevels(name, [{ target: name, options: { origin: `https://${name}.example`, enforce } }]));
const WIDE = compiled('wide', 'all');
const POLICIES = [
  WIDE,
  compiled('first', false),
  compiled('second', 'unsafe-methods'),
  compiled('third', 'all'),
  compiler.disabled('off', { enforce: 'unsafe-methods', wouldEnforce: false }),
  compiler.untouched('untouched'),
];
const AMBIGUOUS = compiler.ambiguous('ambiguous');

interface Found {
  readonly policy: CompiledPolicy;
  readonly enforce: EnforceOption;
}

/** The readings of a path as the contract defines them, without regard to speed. */
function slowly(paths: readonly PathPolicy[], path: string, caseSensitive: boolean, semicolons: boolean): Found {
  const folded = paths.map((entry) => ({ ...entry, path: entry.path.toLowerCase() }));
  const compared = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const written = paths.map((entry) => ({ ...entry, path: compared(entry.path) }));
  const found = [longest(written, compared(path))];
  if (semicolons && path.includes(';')) {
    found.push(longest(written, compared(path.split(';')[0] ?? '')));
  }
  let leaves = false;
  const lenient = lenientReadings(path, semicolons);
  const isDecisive =
    lenient[0]?.includes('..') === true ||
    path.split('%').some((text, at) => at > 0 && !/^(?!2[35ef]|3[bf]|5c)[0-9a-f]{2}/i.test(text));
  for (const reading of [...lenient, ...(isDecisive ? commonReadings(path, semicolons) : [])]) {
    const stack: string[] = [];
    for (const segment of reading.replaceAll('\\', '/').split('/')) {
      if (segment === '..') {
        const left = folded.filter((entry) => trimmed(entry.path) === stack.map((one) => `/${one}`).join(''));
        found.push(...left.map(({ policy }) => ({ policy, enforce: policy.enforce })));
        leaves ||= left.length > 0;
        stack.pop();
      } else if (segment !== '' && segment !== '.') {
        stack.push(segment);
      }
    }
    found.push(longest(folded, `/${stack.join('/')}`));
  }
  const wishes = found.map(({ enforce }) => enforce);
  const enforce = wishes.includes('all') ? 'all' : wishes.includes('unsafe-methods') ? 'unsafe-methods' : false;
  const [{ policy }] = found as [Found];
  return leaves || found.some((one) => one.policy !== policy) ? { policy: AMBIGUOUS, enforce } : { policy, enforce };
}

function lenientReadings(path: string, semicolons: boolean): string[] {
  let decoded = path;
  for (let before = ''; before !== decoded; ) {
    before = decoded;
    decoded = decoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  const text = Buffer.from(decoded, 'latin1').toString('utf8').toLowerCase();
  const cut = text.split(semicolons ? /[?#;]/ : /[?#]/)[0] ?? '';
  return [text, cut].flatMap((one) => [one, one.replace(/^[/\\]{2,}[^/\\]*/, '')]);
}

/** The readings of URL parsers, and of functions that resolve dots, for a path that is decoded up to twice. */
function commonReadings(path: string, semicolons: boolean): string[] {
  const texts = [lenientReadings(path, semicolons)[0] ?? ''];
  for (const kept of [[], ['2f', '3f', '23', '3b']]) {
    let text = path;
    for (let times = 0; times < 3; times++) {
      texts.push(text, text.replaceAll(/%2e/gi, '.'), decodedNames(text));
      text = text.replace(/%([0-9a-f]{2})/gi, (code, hex: string) =>
        kept.includes(hex.toLowerCase()) ? code : String.fromCharCode(Number.parseInt(hex, 16)),
      );
    }
  }
  return texts
    .flatMap((text) => [text, text.replaceAll('\\', ':')]) // to a POSIX reader it is a part of a name
    .flatMap((text) => [text, text.replaceAll(/[/\\](?=[/\\])/g, '/:')]) // to readers that keep empty segments
    .flatMap((text) => [text, text.split(semicolons ? /[?#;]/ : /[?#]/)[0] ?? ''])
    .flatMap((text) => [text, text.replace(/^[/\\]{2,}[^/\\]*/, '')])
    .map((text) => text.toLowerCase());
}

/** The decoded path, with a colon for each encoded character that divides a path. */
function decodedNames(text: string): string {
  let decoded = text;
  for (let before = ''; before !== decoded; ) {
    before = decoded;
    decoded = decoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      ['2f', '5c', '3f', '23', '3b'].includes(hex.toLowerCase()) ? ':' : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return Buffer.from(decoded, 'latin1').toString('utf8');
}

function longest(paths: readonly PathPolicy[], path: string): Found {
  const matching = paths
    .filter((entry) => `${path}/`.startsWith(`${trimmed(entry.path)}/`))
    .sort((one, other) => trimmed(other.path).length - trimmed(one.path).length);
  const [first] = matching;
  // Entries that differ only in case all match.
  return first === undefined
    ? { policy: WIDE, enforce: false }
    : { policy: first.policy, enforce: first.policy.enforce };
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}

const entries = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom('/', '/a', '/a/b', '/a/b/c', '/B', '/b/a', '/a.b', '/c/', '/kk'),
    policy: fc.constantFrom(...POLICIES),
  }),
  { maxLength: 5, selector: ({ path }) => trimmed(path).toLowerCase() },
);
const SEPARATORS = ['/', '/', '/', '/', '//', '\\', '%2f', '%2F', '%5c', '%252f', '%25%35c'];
const TEXTS = [
  ...['a', 'b', 'c', 'a', 'b', 'A', 'B', '%61', '%41', '%2561', '%62', 'kk', '%E2%84%AAk', '\u00e2\u0084\u00aak'],
  ...['..', '.', '%2e%2e', '.%2e', '%252e%252e', '%2e', '...', '..a', 'a.b', 'a%2eb', '..', '%25252e.'],
  ...['', '%', '%zz', '%ff', '100%', '%%36%31', 'x', '%3f', '%23x', ';', 'a;x', '%3b', '@s%2fn', '%00', '\u00e9'],
];
const paths = fc
  .array(fc.tuple(fc.constantFrom(...SEPARATORS), fc.constantFrom(...TEXTS)), { minLength: 1, maxLength: 6 })
  .map((pairs) => pairs.flat().join(''))
  .map((path) => (path.startsWith('/') ? path : `/${path}`));

describe('the policy of a path, compared with the policies of both its readings,', () => {
  it('is the policy of both, or ambiguous', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(entries, paths, fc.boolean(), fc.boolean(), (listed, path, caseSensitive, semicolonDelimiter) => {
        const policies = new PathPolicies(listed, WIDE, AMBIGUOUS, { caseSensitive, semicolonDelimiter });
        const { policy, enforce } = policies.find(path);
        const expected =
          listed.length === 0
            ? { policy: WIDE, enforce: false }
            : slowly(listed, path, caseSensitive, semicolonDelimiter);
        expect({ path, policy, enforce }).toEqual({ path, ...expected });
        seen.set(policy.target, (seen.get(policy.target) ?? 0) + 1);
      }),
      { numRuns: 5_000 },
    );
    // Each outcome occurs often enough to be tested.
    expect(seen.get('ambiguous')).toBeGreaterThan(500);
    expect(seen.get('wide')).toBeGreaterThan(500);
    expect(seen.get('first')).toBeGreaterThan(50);
    expect(seen.get('off')).toBeGreaterThan(50);
  });
});
