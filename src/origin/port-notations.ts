import { MAX_PORT } from './origin-ports.js';

/** More ports than this become `:*`. */
const MOST_PORTS = 12;

const RANGE = /^(.+):(\d{1,5})\s*(?:-|\u2013|~|\.{2,3})\s*(\d{1,5})\/?$/u;
const BRACKETED = /^(.+):[[{(]([\d\s,;|-]+)[\]})]\/?$/u;
const LISTED = /^(.+):(\d{1,5}(?:[\s,;|]+:?\d{1,5})+)\/?$/u;

/**
 * Reads several ports behind one host: `http://localhost:3000-3010`, `http://localhost:{3000,3001}` or
 * `http://localhost:3000,3001`.
 *
 * @returns the texts with one port each, or with `:*` where there are many; an empty list where a number is no port
 */
export function readPortNotation(text: string): readonly string[] | undefined {
  const range = RANGE.exec(text);
  if (range !== null) return withPorts(range[1] ?? '', [`${range[2]}-${range[3]}`]);
  const list = BRACKETED.exec(text) ?? LISTED.exec(text);
  return list === null ? undefined : withPorts(list[1] ?? '', (list[2] ?? '').split(/[\s,;|:]+/u));
}

function withPorts(host: string, written: readonly string[]): readonly string[] {
  const ports = new Set<number>();
  for (const part of written.filter((one) => one !== '')) {
    const [first = 0, last = first] = part.split('-').map(Number);
    const [least, most] = first <= last ? [first, last] : [last, first];
    if (!(least >= 1 && most <= MAX_PORT)) return [];
    if (most - least >= MOST_PORTS) return [`${host}:*`];
    for (let port = least; port <= most; port++) ports.add(port);
  }
  return ports.size > MOST_PORTS ? [`${host}:*`] : [...ports].map((port) => `${host}:${port}`);
}
