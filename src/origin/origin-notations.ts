import { isLoopbackHost } from './origin-hosts.js';
import { readPortNotation } from './port-notations.js';

/** A text that names origins in another notation. */
export interface OriginNotation {
  /** The end of a sentence that begins with the text. */
  readonly reason: string;
  /** Simpler texts with the same meaning, perhaps to be corrected further. Empty where the meaning is unknown. */
  readonly meant: readonly string[];
}

type Reader = (text: string) => OriginNotation | undefined;

/** In characters. Longer texts are not origins, and the expressions here are slow on them. */
export const LONGEST_TEXT = 4096;

const QUOTES = '["\'`\u2018\u2019\u201c\u201d]';
const OPENING_QUOTES = new RegExp(`^(?:\\\\?${QUOTES})+\\s*`, 'u');
const CLOSING_QUOTES = new RegExp(`\\s*(?:\\\\?${QUOTES})+$`, 'u');
const EVERY_SITE = /^(?:(?:https?|http\*|\*):\/\/)?(?:\*+(?:\.\*+)*)(?::\*)?(?:\/\**)?$/iu;
const ADDRESS_RANGE = /^(?:https?:\/\/)?(?:\d+(?:\.\d+){3}|\[?[\da-f:]*::?[\da-f:]*\]?)\/\d{1,3}$/iu;
const ADDRESS_WITH_STARS = /^(?:https?:\/\/)?\d+(?:\.[\d*]+)*\.\*(?:\.[\d*]+)*(?::[\d*]+)?\/?$/iu;

/** In this order: what is around an origin before what is in it. */
const READERS: readonly Reader[] = [
  readPrefix,
  readQuotes,
  readPorts,
  readJsonList,
  readBrackets,
  readPlaceholder,
  readWord,
  readAddressRange,
  readEverySite,
  readSchemeStar,
  readSchemeSlip,
  readLeadingDot,
  readAlternatives,
  readPort,
];

/** Reads a text that was written in another notation. Origins and patterns, and slips in them, are none. */
export function readNotation(text: string): OriginNotation | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const trimmed = text.trim();
  for (const read of READERS) {
    const notation = read(trimmed);
    if (notation !== undefined) return notation;
  }
  return undefined;
}

function readQuotes(text: string): OriginNotation | undefined {
  const plain = text.replace(OPENING_QUOTES, '').replace(CLOSING_QUOTES, '');
  if (plain === text) return undefined;
  return { reason: 'has quotation marks in it, as kept from a file or a shell', meant: texts(plain) };
}

function readPrefix(text: string): OriginNotation | undefined {
  const variable = /^(?:export\s+)?[a-z_]\w*\s*=\s*(.*)$/isu.exec(text);
  if (variable !== null) return { reason: 'begins with the name of a variable', meant: texts(variable[1]) };
  const header = /^(?:access-control-allow-)?origins?\s*:\s*(.+)$/isu.exec(text);
  if (header !== null) return { reason: 'begins with the name of a header or an option', meant: texts(header[1]) };
  const item = /^[-*]\s+(.+)$/su.exec(text);
  return item === null ? undefined : { reason: 'begins with the sign of a list item', meant: texts(item[1]) };
}

function readPorts(text: string): OriginNotation | undefined {
  const meant = readPortNotation(text);
  return meant && { reason: 'has several ports; an origin has one, and a star stands for all', meant };
}

function readJsonList(text: string): OriginNotation | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    const meant = list.every((entry) => typeof entry === 'string') ? list : [];
    return { reason: 'is a JSON list in one string; write a list', meant };
  } catch {
    return undefined;
  }
}

function readBrackets(text: string): OriginNotation | undefined {
  const plain = text.replace(/^[[{(<]+\s*/u, '').replace(/\s*[\]})>]+$/u, '');
  if (plain === text || !/[.:]/u.test(plain)) return undefined;
  // Elsewhere brackets stand around an IPv6 address, a placeholder or alternatives.
  if (/^\[[\da-f:.]*(?:%\w*)?(?:\]|$)/iu.test(text) || /\[[\da-f:.]*\]$/iu.test(text)) return undefined;
  const opens = /^[[{(<]/u.test(text);
  const closes = /[\]})>]$/u.test(text);
  if ((!opens && /[[{(<]/u.test(text)) || (!closes && /[\]})>]/u.test(text))) return undefined;
  const parts = plain.split(/[\s,;]+/u).filter((part) => part !== '');
  return { reason: 'has brackets around it, as kept from a file or a template', meant: parts };
}

function readPlaceholder(text: string): OriginNotation | undefined {
  const found = /\$\{[^}]*\}|\$[a-z_]\w*|\{\{.*\}\}|%[a-z_]{2,}%|<[\w -]+>|process\.env|import\.meta/iu.exec(text);
  return found === null
    ? undefined
    : { reason: `contains the placeholder ${found[0]}, which was not replaced`, meant: [] };
}

function readWord(text: string): OriginNotation | undefined {
  const word = text.toLowerCase();
  if (word === 'self' || word === 'same-origin') {
    return { reason: 'stands for the own origin, whose pages need no CORS', meant: [] };
  }
  return word === 'all' || word === 'any'
    ? { reason: "is a word; every origin is written '*'", meant: ['*'] }
    : undefined;
}

function readAddressRange(text: string): OriginNotation | undefined {
  if (!ADDRESS_RANGE.test(text) && !ADDRESS_WITH_STARS.test(text)) return undefined;
  const single = /^(.*)\/32$/u.exec(text);
  return {
    reason: 'is a range of IP addresses; an origin names one host',
    meant: single === null ? [] : texts(single[1]?.includes('://') ? single[1] : `http://${single[1]}`),
  };
}

function readEverySite(text: string): OriginNotation | undefined {
  if (text === '*' || !EVERY_SITE.test(text)) return undefined;
  return { reason: 'has a star for the whole host, which would allow every site', meant: ['*'] };
}

function readSchemeStar(text: string): OriginNotation | undefined {
  const match = /^(?:\*|http\*|http\(s\)|http\[s\]|\{https?,https?\}|https?,https?):?\/\/(.+)$/iu.exec(text);
  const rest = match?.[1];
  if (rest === undefined) return undefined;
  const loopback = isLoopbackHost(/^(?:\[[^\]]*\]|[^:/]*)/u.exec(rest)?.[0]?.replace(/^\*\./u, '') ?? '');
  return {
    reason: 'has a star or a choice for its scheme; name the scheme',
    meant: loopback ? [`http://${rest}`, `https://${rest}`] : [`https://${rest}`],
  };
}

function readSchemeSlip(text: string): OriginNotation | undefined {
  const doubled = /^https?:?\/*(https?:\/\/.+)$/isu.exec(text);
  if (doubled !== null) return { reason: 'has two schemes', meant: texts(doubled[1]) };
  const slip = /^(https?)(?:[:;.,]*\/\/+|:\/?(?=[^/]))(.+)$/isu.exec(text);
  if (slip === null || /^https?:\/\//iu.test(text)) return undefined;
  return { reason: 'has no :// after its scheme', meant: [`${slip[1]}://${slip[2]}`] };
}

function readLeadingDot(text: string): OriginNotation | undefined {
  const match = /^(https?:\/\/|\/\/)?\.+([\w-].*)$/isu.exec(text);
  if (match === null) return undefined;
  return {
    reason: 'has a dot before its host; subdomains are written with a star',
    meant: [`${match[1] ?? ''}*.${match[2]}`],
  };
}

function readAlternatives(text: string): OriginNotation | undefined {
  const match = /^([^{}]*)\{([^{}]*,[^{}]*)\}([^{}]*)$/su.exec(text);
  if (match === null) return undefined;
  const [, before = '', alternatives = '', after = ''] = match;
  return {
    reason: 'has alternatives in braces; write a list',
    meant: alternatives.split(',').map((one) => `${before}${one.trim()}${after}`),
  };
}

function readPort(text: string): OriginNotation | undefined {
  const port = /^:?(\d{2,5})$/u.exec(text)?.[1];
  return port === undefined
    ? undefined
    : { reason: 'is a port without a scheme and a host', meant: [`http://localhost:${port}`] };
}

function texts(text: string | undefined): readonly string[] {
  return text === undefined || text.trim() === '' ? [] : [text.trim()];
}
