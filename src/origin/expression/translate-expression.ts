import { isLoopbackHost } from '../grammar/origin-hosts.js';
import { readOriginPattern } from '../pattern/origin-pattern.js';
import { isSharedHost } from '../pattern/shared-hosts.js';
import {
  formSource,
  isFixed,
  type OriginForm,
  originForms,
  SOME_PORT,
  type TranslationNote,
  type TranslationRules,
} from './origin-forms.js';
import { parseExpression } from './parse-expression.js';
import { readBranch } from './read-branch.js';

/** The replacement of a regular expression. */
export interface Translation {
  /** Origins and patterns that match no more than the expression; `'*'` alone for every origin. */
  readonly patterns: readonly string[];
  /** Sources and flags of expressions that all must match, where patterns cannot say it. The first one is anchored. */
  readonly conditions: readonly (readonly [source: string, flags: string])[];
  readonly notes: ReadonlySet<TranslationNote>;
}

const MOST_FORMS = 2048;
const MOST_PATTERNS = 32;
const MOST_REPETITIONS = 3;
/** Flags that keep a position between calls, or mean nothing for a text of one line. */
const MEANINGLESS_FLAGS = /[dgmsy]/g;
/** Notes of expressions that match no origin as they are. */
const NEVER_MATCHING: readonly TranslationNote[] = ['unmatched', 'not-sent', 'https'];

/**
 * Translates a regular expression into origins and patterns, or into conditions for a predicate. Where the expression
 * is careless the result matches less: an unescaped dot is a dot, and a missing `^` or `$` does not allow the hosts of
 * strangers. Work and size are bounded, and the expression is never run.
 *
 * @returns `undefined` where it is too large, or matches no host that could be the writer's own
 */
export function translateExpression(source: string, flags: string, rules: TranslationRules): Translation | undefined {
  const shapes = parseExpression(source, flags)?.map(readBranch);
  const readable = shapes?.filter((shape) => shape !== undefined);
  const matching = readable?.filter((shape) => !shape.notes.has('unmatched'));
  const notes = new Set<TranslationNote>();
  const forms: OriginForm[] = [];
  // Where no branch can match an origin, those that were meant to.
  for (const shape of (matching?.length ? matching : readable) ?? []) {
    for (const note of shape.notes) {
      notes.add(note);
    }
    const ofBranch = originForms(shape, rules, notes);
    if (ofBranch === undefined || forms.push(...ofBranch) > MOST_FORMS) {
      return undefined;
    }
  }
  const own = withoutGlued(forms);
  if (own.length < forms.length) {
    notes.add('left-out');
  }
  if (own.length === 0) {
    return undefined;
  }
  const hasAssertion = notes.has('assertion');
  const patterns = hasAssertion ? undefined : patternsOf(own, rules);
  if (patterns !== undefined) {
    return { patterns, conditions: [], notes };
  }
  if (hasAssertion && (isSlow(source) || NEVER_MATCHING.some((note) => notes.has(note)))) {
    return undefined;
  }
  const anchored = anchoredSource(own);
  if (anchored === undefined) {
    return undefined;
  }
  const original = hasAssertion ? [[source, flags.replace(MEANINGLESS_FLAGS, '')] as const] : [];
  return { patterns: [], conditions: [[anchored, ''], ...original], notes };
}

/** Whether an expression may take long for a hostile origin: it repeats a group, or repeats more than three times. */
function isSlow(source: string): boolean {
  return /\)(?:[*+]|\{\d)/.test(source) || (source.match(/[*+]|\{\d+,/g)?.length ?? 0) > MOST_REPETITIONS;
}

/**
 * `(www\.|shop)?example\.com` spells `shopexample.com`, which is no subdomain of `example.com`: such a host is left out
 * where its registered domain is another one, or where a dot stands at the same place of another host.
 */
function withoutGlued(forms: readonly OriginForm[]): readonly OriginForm[] {
  const hosts = new Set(forms.map(({ host }) => host.text));
  const parents = [...hosts].flatMap((host) => [
    registeredDomain(host),
    // Everything that stands after a dot.
    ...(host.includes('*') ? [] : [...host.matchAll(/\./g)].map(({ index }) => host.slice(index + 1))),
  ]);
  const known = new Set(parents.filter((parent) => hosts.has(parent)));
  return forms.filter(
    ({ host: { text } }) =>
      ![...text].some((_, index) => index > 0 && text[index - 1] !== '.' && known.has(text.slice(index))),
  );
}

/** The part of a host that an owner registered, as far as the common shared hosts tell. */
function registeredDomain(host: string): string {
  if (isLoopbackHost(host)) {
    return '';
  }
  const labels = host.split('.');
  const domain = labels.slice(-2).join('.');
  return isSharedHost(domain) ? labels.slice(-3).join('.') : domain;
}

/** The patterns for all forms; `undefined` where a form has none, or one that matches more. */
function patternsOf(forms: readonly OriginForm[], { accepts }: TranslationRules): readonly string[] | undefined {
  const every = forms.filter(({ host, port }) => host.text === '*' && port === '').map(({ scheme }) => scheme);
  if (every.includes('http') && every.includes('https')) {
    return ['*'];
  }
  const patterns = new Set<string>();
  const withoutPort = new Set(forms.filter(({ port }) => port === '').map(baseOf));
  const varyingPorts = new Map(forms.filter(({ port }) => !isFixed(port)).map((form) => [baseOf(form), form.port]));
  for (const form of forms) {
    const base = baseOf(form);
    const isNumber = isFixed(form.port) && form.port !== '';
    const varying = isNumber ? undefined : varyingPorts.get(base);
    const text = `${base}${varying !== undefined ? ':*' : form.port && `:${form.port}`}`;
    // The star for a port includes none.
    const isExact = form.host.exact && (varying === undefined || (varying === SOME_PORT && withoutPort.has(base)));
    if (!isExact || typeof readOriginPattern(text) === 'string' || !accepts(text)) {
      return undefined;
    }
    patterns.add(text);
  }
  return patterns.size <= MOST_PATTERNS ? [...patterns] : undefined;
}

function baseOf({ scheme, host }: OriginForm): string {
  return `${scheme}://${host.text}`;
}

/** One expression for all forms: schemes and ports of the same host together. */
function anchoredSource(forms: readonly OriginForm[]): string | undefined {
  const ports = new Map<string, Set<string>>();
  for (const form of forms) {
    const source = formSource(form);
    ports.set(source, (ports.get(source) ?? new Set()).add(form.port));
  }
  const sources = new Set([...ports].map(([source, all]) => source + portsSource(all)));
  for (const source of [...sources]) {
    const secure = source.replace(/^http:/, 'https:');
    if (secure === source || !sources.has(secure)) {
      continue;
    }
    sources.delete(secure);
    sources.delete(source);
    sources.add(source.replace(/^http:/, 'https?:'));
  }
  if (sources.size > MOST_PATTERNS) {
    return undefined;
  }
  return `^${alternatives([...sources])}$`;
}

function portsSource(ports: ReadonlySet<string>): string {
  const named = [...ports].filter((port) => port !== '');
  if (named.length === 0) {
    return '';
  }
  return ports.has('') ? `(?::${alternatives(named)})?` : `:${alternatives(named)}`;
}

function alternatives(sources: readonly string[]): string {
  return sources.length === 1 ? String(sources[0]) : `(?:${sources.join('|')})`;
}
