import { type RegexToken, readRegexTokens } from './regex-tokens.js';
import { spelledHosts } from './spelled-hosts.js';
import { copyRegExp, matchesWhole } from './whole-regex.js';

const MANY_REPEATS = 10;
const PROBE_ROUNDS = 3;
const LONGEST_PROBE_NAME = 32;
// Where repetition is nested a failing match may cost two or three to the power of the length.
const LONGEST_PROBE_NAME_IF_NESTED = 5;
const LONGEST_ODD_ORIGIN_IF_NESTED = 20;
const MOST_SPELLED_HOSTS = 8;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
// Common ones, for expressions that end in one; the empty ones stand for random ones.
const TOP_LEVEL_DOMAINS = Object.freeze(['com', 'net', 'org', 'io', 'dev', 'app', '', '']);
const ODD_ORIGINS = Object.freeze([
  'https://203.0.113.77',
  'http://198.51.100.9:8081',
  'https://[2001:db8::5a:1]',
  'http://[2001:db8::5a:1]:9443',
  'https://xn--qfvr72h3q.xn--j6w193g',
  'https://q-7_z.w0.k9x--vq.zone:65535',
]);

/**
 * Whether every alternative of a regular expression is anchored at both ends. Conservative: structures it does not
 * follow (an alternative that begins with a lookahead, inline flags) count as not anchored.
 */
export function isAnchored(regexp: RegExp): boolean {
  const tokens = readRegexTokens(copyRegExp(regexp));
  return isAnchoredBetween(tokens, 0, tokens.length);
}

/**
 * An origin that a regular expression matches and nobody could have meant: a random `https:` or `http:` one, one that
 * begins with a host it spells out and goes on (`app.example.com.evil.net`), or an odd one. `undefined` where none of
 * those that are tried matches. It is matched as a whole, without its flags g and y.
 *
 * @param random numbers from 0 up to 1, such as `Math.random`
 */
export function inventedMatch(regexp: RegExp, random: () => number): string | undefined {
  const copy = copyRegExp(regexp);
  const tokens = readRegexTokens(copy);
  const nested = repeats(tokens, (inner) => inner.kind === 'or' || isVariable(inner));
  for (let round = 0; round < (nested ? 1 : PROBE_ROUNDS); round++) {
    for (const topLevelDomain of TOP_LEVEL_DOMAINS) {
      for (const scheme of ['https', 'http']) {
        const host = randomHost(random, nested ? LONGEST_PROBE_NAME_IF_NESTED : LONGEST_PROBE_NAME, topLevelDomain);
        const port = nested ? 1 + below(random, 9) : 1024 + below(random, 60_000);
        const found = [`${scheme}://${host}`, `${scheme}://${host}:${port}`].find((one) => matchesWhole(copy, one));
        if (found !== undefined) return found;
      }
    }
  }
  const longest = nested ? LONGEST_ODD_ORIGIN_IF_NESTED : Number.POSITIVE_INFINITY;
  return [...ODD_ORIGINS, ...prolongedOrigins(copy, random)].find(
    (origin) => origin.length <= longest && matchesWhole(copy, origin),
  );
}

/**
 * Whether a regular expression repeats a group that itself contains a repetition or an optional part, the shape that
 * can take exponential time. Conservative: `([a-z]+\.)+` is harmless and counts all the same.
 */
export function hasNestedQuantifiers(regexp: RegExp): boolean {
  return repeats(readRegexTokens(copyRegExp(regexp)), isVariable);
}

function isAnchoredBetween(tokens: readonly RegexToken[], start: number, end: number): boolean {
  let depth = 0;
  let alternativeStart = start;
  for (let index = start; index <= end; index++) {
    const token = tokens[index];
    if (index < end) {
      if (token?.kind === 'open') depth++;
      if (token?.kind === 'close') depth--;
      if (token?.kind !== 'or' || depth > 0) continue;
    }
    if (!isAnchoredAlternative(tokens, alternativeStart, index)) return false;
    alternativeStart = index + 1;
  }
  return true;
}

function isAnchoredAlternative(tokens: readonly RegexToken[], start: number, end: number): boolean {
  const first = tokens[start];
  const last = tokens[end - 1];
  if (end - start < 2 || first === undefined || last === undefined) return false;
  if (first.kind === 'start') return last.kind === 'end';
  if (first.kind !== 'open' || !first.plain || closeOf(tokens, start) !== end - 1) return false;
  return isAnchoredBetween(tokens, start + 1, end - 1);
}

function closeOf(tokens: readonly RegexToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]?.kind === 'open') depth++;
    if (tokens[index]?.kind === 'close' && --depth === 0) return index;
  }
  return -1;
}

/** Whether some group that is repeated without bound, or often, contains a token of a kind. */
function repeats(tokens: readonly RegexToken[], contains: (token: RegexToken) => boolean): boolean {
  // Whether each open group has one so far; the first stands for the whole expression.
  const groups: boolean[] = [false];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) continue;
    if (token.kind === 'open') {
      groups.push(false);
    } else if (token.kind === 'close') {
      const next = tokens[index + 1];
      const found = groups.pop() === true;
      if (found && next?.kind === 'quantifier' && next.most >= MANY_REPEATS) return true;
      if (found) groups[groups.length - 1] = true;
    } else if (contains(token)) {
      groups[groups.length - 1] = true;
    }
  }
  return false;
}

function isVariable(token: RegexToken): boolean {
  return token.kind === 'quantifier' && token.least !== token.most;
}

/** Origins of hosts that go on after what the expression spells out, as those of attackers may. */
function prolongedOrigins(copy: RegExp, random: () => number): string[] {
  const labels = (host: string) => host.split('.').length;
  const spelled = [...spelledHosts(copy)]
    .sort((one, other) => labels(other) - labels(one))
    .slice(0, MOST_SPELLED_HOSTS);
  return spelled
    .flatMap((host) => [host, ...['app', ...spelled].map((before) => `${before}.${host}`)])
    .flatMap((host) => {
      const foreign = `${randomLabel(random, 4)}.com`;
      return ['https', 'http'].flatMap((scheme) =>
        [`${host}.${foreign}`, `${host}${foreign}`, `${host}-${foreign}`, `${host}.${foreign}:8080`].map(
          (foreignHost) => `${scheme}://${foreignHost}`,
        ),
      );
    });
}

function randomHost(random: () => number, longest: number, domain: string): string {
  const topLevelDomain = domain === '' ? randomLabel(random, 3 + below(random, 3)) : domain;
  const length = 4 + below(random, longest - 3);
  const name = randomLabel(random, length);
  if (length < 8 || random() < 0.5) return `${name}.${topLevelDomain}`;
  const split = 3 + below(random, length - 6);
  return `${name.slice(0, split)}.${name.slice(split + 1)}.${topLevelDomain}`;
}

function randomLabel(random: () => number, length: number): string {
  let label = '';
  while (label.length < length) label += LETTERS.charAt(below(random, LETTERS.length));
  return label;
}

function below(random: () => number, bound: number): number {
  return Math.min(Math.floor(random() * bound), bound - 1);
}
