import { isLoopbackHost } from '../grammar/origin-hosts.js';
import { MAX_PORT } from '../grammar/origin-ports.js';

/** A text that names origins in another notation. */
export interface OriginNotation {
  /** The end of a sentence that begins with the text. */
  readonly reason: string;
  /** Simpler texts with the same meaning, which may need more corrections. Empty if the meaning is unknown. */
  readonly meant: readonly string[];
}

type Reader = (text: string) => OriginNotation | undefined;

/** In characters. Longer texts are not origins, and slow for the expressions here. */
export const LONGEST_TEXT = 4096;

/** More ports than this become `:*`. */
const MOST_PORTS = 12;

const QUOTES = '["\'`\u2018\u2019\u201c\u201d]';
const OPENING_QUOTES = new RegExp(`^(?:\\\\?${QUOTES})+\\s*`, 'u');
const CLOSING_QUOTES = new RegExp(`\\s*(?:\\\\?${QUOTES})+$`, 'u');
const PORT_RANGE = /^(.+):(\d{1,5}\s*(?:-|\u2013|~|\.{2,3})\s*\d{1,5})\/?$/u;
const PORTS_IN_BRACKETS = /^(.+):[[{(]([\d\s,;|-]+)[\]})]\/?$/u;
const PORT_LIST = /^(.+):(\d{1,5}(?:[\s,;|]+:?\d{1,5})+)\/?$/u;
const ADDRESS_RANGE = 'is a range of IP addresses; an origin names one host';

/** Signs around an origin come before signs inside it. */
const READERS: readonly Reader[] = [
  reader(/^(?:export\s+)?[a-z_]\w*\s*=\s*(.*)$/isu, 'begins with the name of a variable'),
  reader(/^(?:access-control-allow-)?origins?\s*:\s*(.+)$/isu, 'begins with the name of a header or an option'),
  reader(/^[-*]\s+(.+)$/su, 'begins with the sign of a list item'),
  readQuotes,
  readPorts,
  readJsonList,
  readBrackets,
  readPlaceholder,
  reader(/^(?:self|same-origin)$/iu, 'stands for the own origin, whose pages need no CORS', () => []),
  reader(/^(?:all|any)$/iu, "is a word; every origin is written '*'", () => ['*']),
  reader(/^(https?:\/\/)?(\d+(?:\.\d+){3})\/32$/iu, ADDRESS_RANGE, (scheme, address) => [
    `${scheme || 'http://'}${address}`,
  ]),
  reader(/^(?:https?:\/\/)?(?:\d+(?:\.\d+){3}|\[?[\da-f:]*::?[\da-f:]*\]?)\/\d{1,3}$/iu, ADDRESS_RANGE, () => []),
  reader(/^(?:https?:\/\/)?\d+(?:\.[\d*]+)*\.\*(?:\.[\d*]+)*(?::[\d*]+)?\/?$/iu, ADDRESS_RANGE, () => []),
  reader(
    /^(?!\*$)(?:(?:https?|http\*|\*):\/\/)?(?:\*+(?:\.\*+)*)(?::\*)?(?:\/\**)?$/iu,
    'has a star for the whole host, which would allow every site',
    () => ['*'],
  ),
  reader(
    /^(?:\*|http\*|http\(s\)|http\[s\]|\{https?,https?\}|https?,https?):?\/\/(.+)$/iu,
    'has a star or a choice for its scheme; name the scheme',
    (rest) => (beginsWithLoopback(rest) ? [`http://${rest}`, `https://${rest}`] : [`https://${rest}`]),
  ),
  reader(/^https?:?\/*(https?:\/\/.+)$/isu, 'has two schemes'),
  reader(
    /^(?!https?:\/\/)(https?)(?:[:;.,]*\/\/+|:\/?(?=[^/]))(.+)$/isu,
    'has no :// after its scheme',
    (scheme, rest) => [`${scheme}://${rest}`],
  ),
  reader(
    /^(https?:\/\/|\/\/)?\.+([\w-].*)$/isu,
    'has a dot before its host; subdomains are written with a star',
    (scheme, host) => [`${scheme}*.${host}`],
  ),
  reader(
    /^([^{}]*)\{([^{}]*,[^{}]*)\}([^{}]*)$/su,
    'has alternatives in braces; write a list',
    (before, alternatives, after) => alternatives.split(',').map((one) => `${before}${one.trim()}${after}`),
  ),
  reader(/^:?(\d{2,5})$/u, 'is a port without a scheme and a host', (port) => [`http://localhost:${port}`]),
];

/** Reads a text in another notation. Origins and patterns, with or without mistakes, are not in another notation. */
export function readNotation(text: string): OriginNotation | undefined {
  if (text.length > LONGEST_TEXT) {
    return undefined;
  }
  const trimmed = text.trim();
  for (const read of READERS) {
    const notation = read(trimmed);
    if (notation !== undefined) {
      return notation;
    }
  }
  return undefined;
}

/**
 * A reader for texts that match an expression.
 *
 * @param meant the meaning of its groups, at most three; by default the first group
 */
function reader(
  sign: RegExp,
  reason: string,
  meant: (first: string, second: string, third: string) => readonly string[] = (first) => [first],
): Reader {
  return (text) => {
    const match = sign.exec(text);
    if (match === null) {
      return undefined;
    }
    const [, first = '', second = '', third = ''] = match;
    return { reason, meant: texts(meant(first, second, third)) };
  };
}

function readQuotes(text: string): OriginNotation | undefined {
  const plain = text.replace(OPENING_QUOTES, '').replace(CLOSING_QUOTES, '');
  if (plain === text) {
    return undefined;
  }
  return { reason: 'has quotation marks in it, perhaps from a file or a shell', meant: texts([plain]) };
}

/** Several ports behind one host: `http://localhost:3000-3010`, `:{3000,3001}` or `:3000,3001`. */
function readPorts(text: string): OriginNotation | undefined {
  const [, host = '', range] = PORT_RANGE.exec(text) ?? [];
  const list = range === undefined ? (PORTS_IN_BRACKETS.exec(text) ?? PORT_LIST.exec(text)) : undefined;
  if (list === null) {
    return undefined;
  }
  const meant =
    list === undefined
      ? withPorts(host, [range?.replace(/[^\d]+/u, '-') ?? ''])
      : withPorts(list[1] ?? '', (list[2] ?? '').split(/[\s,;|:]+/u));
  return { reason: 'has several ports; an origin has one, and a star stands for all', meant };
}

/** @returns the host with each port, or with `:*` for many; an empty list if a number is not a port */
function withPorts(host: string, written: readonly string[]): readonly string[] {
  const ports = new Set<number>();
  for (const part of written.filter((one) => one !== '')) {
    const [first = 0, last = first] = part.split('-').map(Number);
    const [least, most] = first <= last ? [first, last] : [last, first];
    if (!(least >= 1 && most <= MAX_PORT)) {
      return [];
    }
    if (most - least >= MOST_PORTS) {
      return [`${host}:*`];
    }
    for (let port = least; port <= most; port++) {
      ports.add(port);
    }
  }
  return ports.size > MOST_PORTS ? [`${host}:*`] : [...ports].map((port) => `${host}:${port}`);
}

function readJsonList(text: string): OriginNotation | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) {
    return undefined;
  }
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) {
      return undefined;
    }
    const meant = list.every((entry) => typeof entry === 'string') ? list : [];
    return { reason: 'is a JSON list in one string; write a list', meant };
  } catch {
    return undefined;
  }
}

function readBrackets(text: string): OriginNotation | undefined {
  const plain = text.replace(/^[[{(<]+\s*/u, '').replace(/\s*[\]})>]+$/u, '');
  if (plain === text || !/[.:]/u.test(plain)) {
    return undefined;
  }
  // Other brackets are around an IPv6 address, a placeholder or alternatives.
  if (/^\[[\da-f:.]*(?:%\w*)?(?:\]|$)/iu.test(text) || /\[[\da-f:.]*\]$/iu.test(text)) {
    return undefined;
  }
  const opens = /^[[{(<]/u.test(text);
  const closes = /[\]})>]$/u.test(text);
  if ((!opens && /[[{(<]/u.test(text)) || (!closes && /[\]})>]/u.test(text))) {
    return undefined;
  }
  const meant = texts(plain.split(/[\s,;]+/u));
  return { reason: 'has brackets around it, perhaps from a file or a template', meant };
}

function readPlaceholder(text: string): OriginNotation | undefined {
  const found = /\$\{[^}]*\}|\$[a-z_]\w*|\{\{.*\}\}|%[a-z_]{2,}%|<[\w -]+>|process\.env|import\.meta/iu.exec(text);
  return found === null
    ? undefined
    : { reason: `contains the placeholder ${found[0]}, which was not replaced`, meant: [] };
}

function beginsWithLoopback(text: string): boolean {
  const host = /^(?:\[[^\]]*\]|[^:/]*)/u.exec(text)?.[0] ?? '';
  return isLoopbackHost(host.replace(/^\*\./u, ''));
}

function texts(written: readonly string[]): readonly string[] {
  return written.map((text) => text.trim()).filter((text) => text !== '');
}
