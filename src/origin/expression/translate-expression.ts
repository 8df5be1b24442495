import { isLoopbackHost } from '../grammar/origin-hosts.js';
import { readOriginPattern } from '../pattern/origin-pattern.js';
import { isSharedHost } from '../pattern/shared-hosts.js';
import { expandExpression } from './expand-expression.js';
import {
  formSource,
  type OriginForm,
  originForms,
  SOME_PORT,
  type TranslationNote,
  type TranslationRules,
} from './origin-forms.js';
import { parseExpression } from './parse-expression.js';
import { type BranchShape, readBranch } from './read-branch.js';

/** What to write instead of a regular expression. */
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
  const node = parseExpression(source, flags);
  const branches = node === undefined ? undefined : expandExpression(node);
  if (branches === undefined) {
    return undefined;
  }
  const shapes = matching(branches.map(readBranch).filter((shape) => shape !== undefined));
  const notes = new Set<TranslationNote>();
  const forms: OriginForm[] = [];
  for (const shape of shapes) {
    const origins = originForms(shape, rules);
    if (origins === undefined) {
      return undefined;
    }
    for (const note of origins.notes) {
      notes.add(note);
    }
    forms.push(...origins.forms);
    if (forms.length > MOST_FORMS) {
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
  const assertion = notes.has('assertion');
  if (isEveryOrigin(own) && !assertion) {
    return { patterns: ['*'], conditions: [], notes };
  }
  const patterns = patternsOf(own, rules);
  if (
    patterns !== undefined &&
    !assertion &&
    patterns.every(({ exact }) => exact) &&
    patterns.length <= MOST_PATTERNS
  ) {
    return { patterns: patterns.map(({ text }) => text), conditions: [], notes };
  }
  if (assertion && (isSlow(source) || NEVER_MATCHING.some((note) => notes.has(note)))) {
    return undefined;
  }
  const anchored = anchoredSource(own);
  if (anchored === undefined) {
    return undefined;
  }
  const original = assertion ? [[source, flags.replace(MEANINGLESS_FLAGS, '')] as const] : [];
  return { patterns: [], conditions: [[anchored, ''], ...original], notes };
}

/** Whether an expression may take long for a hostile origin: it repeats a group, or repeats more than three times. */
function isSlow(source: string): boolean {
  return /\)(?:[*+]|\{\d)/.test(source) || (source.match(/[*+]|\{\d+,/g)?.length ?? 0) > MOST_REPETITIONS;
}

/** Branches that can match an origin; where there are none, those that were meant to. */
function matching(shapes: readonly BranchShape[]): readonly BranchShape[] {
  const matched = shapes.filter(({ notes }) => !notes.has('unmatched'));
  return matched.length > 0 ? matched : shapes;
}

/**
 * `(www\.|shop)?example\.com` spells `shopexample.com`, which is no subdomain of `example.com`: such a host is left out
 * where its registered domain is another one, or where a dot stands at the same place of another host.
 */
function withoutGlued(forms: readonly OriginForm[]): readonly OriginForm[] {
  const hosts = new Set(forms.map(({ host }) => host.text));
  const domains = new Set([...hosts].map(registeredDomain).filter((domain) => hosts.has(domain)));
  const spelled = [...hosts].filter((host) => !host.includes('*'));
  const parents = new Set(spelled.flatMap(parentHosts).filter((parent) => hosts.has(parent)));
  return forms.filter(({ host: { text } }) => {
    for (let index = 1; index < text.length; index++) {
      const end = text.slice(index);
      if (text.charAt(index - 1) !== '.' && (domains.has(end) || parents.has(end))) {
        return false;
      }
    }
    return true;
  });
}

/** Everything that stands after a dot of a host. */
function parentHosts(host: string): readonly string[] {
  const labels = host.split('.');
  return labels.slice(1).map((_label, index) => labels.slice(index + 1).join('.'));
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

function isEveryOrigin(forms: readonly OriginForm[]): boolean {
  const all = forms.filter(({ host, port, portSource }) => host.text === '*' && port === '' && portSource === '');
  return all.some(({ scheme }) => scheme === 'http') && all.some(({ scheme }) => scheme === 'https');
}

interface WrittenPattern {
  readonly text: string;
  readonly exact: boolean;
}

/** The patterns for all forms, or `undefined` where one has none. */
function patternsOf(forms: readonly OriginForm[], { accepts }: TranslationRules): WrittenPattern[] | undefined {
  const patterns = new Map<string, WrittenPattern>();
  const withoutPort = new Set(forms.filter(({ port, portSource }) => port + portSource === '').map(base));
  const withPorts = new Map(forms.filter(({ portSource }) => portSource !== '').map((form) => [base(form), form]));
  for (const form of forms) {
    const { host, port } = form;
    // The star for a port includes none.
    const varying = port === '' ? withPorts.get(base(form)) : undefined;
    const anyPort = varying?.portSource === SOME_PORT && withoutPort.has(base(form));
    const exact = host.exact && (varying === undefined || anyPort);
    const text = `${base(form)}${varying !== undefined ? ':*' : port && `:${port}`}`;
    const isPattern = typeof readOriginPattern(text) !== 'string' && accepts(text);
    if (!isPattern) {
      return undefined;
    }
    const known = patterns.get(text);
    patterns.set(text, { text, exact: exact && known?.exact !== false });
  }
  return patterns.size === 0 ? undefined : [...patterns.values()];
}

function base({ scheme, host }: OriginForm): string {
  return `${scheme}://${host.text}`;
}

/** One expression for all forms: schemes and ports of the same host together. */
function anchoredSource(forms: readonly OriginForm[]): string | undefined {
  const ports = new Map<string, Set<string>>();
  for (const form of forms) {
    const source = formSource(form);
    ports.set(source, (ports.get(source) ?? new Set()).add(form.port === '' ? form.portSource : form.port));
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
  const [only = '', ...others] = sources;
  return others.length === 0 ? `^${only}$` : `^(?:${[...sources].join('|')})$`;
}

/** @param ports sources, of which the empty one stands for no port */
function portsSource(ports: ReadonlySet<string>): string {
  const [first, ...others] = [...ports].filter((port) => port !== '');
  if (first === undefined) {
    return '';
  }
  const source = others.length === 0 ? first : `(?:${[first, ...others].join('|')})`;
  return ports.has('') ? `(?::${source})?` : `:${source}`;
}
