const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const UTF8 = new TextDecoder();

/**
 * Whether every reader reads a path alike. That is certain for lower-case ASCII without encodings, backslashes, dot
 * segments, doubled slashes and semicolons.
 */
export function hasOneReading(path: string): boolean {
  if (path.charCodeAt(0) !== SLASH) {
    return false;
  }
  for (let index = 1; index < path.length; index++) {
    const code = path.charCodeAt(index);
    if (code >= 0x80 || code === PERCENT || code === BACKSLASH || code === 0x3b || (code >= 0x41 && code <= 0x5a)) {
      return false;
    }
    if ((code === SLASH || code === 0x2e) && path.charCodeAt(index - 1) === SLASH) {
      return false;
    }
  }
  return true;
}

/** The encodings that a reader decodes in one pass: all, or all except those of characters that divide a URL. */
const ENCODINGS = Object.freeze([/%([0-9a-f]{2})/gi, /%(?!2f|3f|23|3b)([0-9a-f]{2})/gi]);
const MOST_TIMES = 2;
/** Characters that divide a path, as bytes: `/`, `\`, `?`, `#` and `;`. */
const DIVIDERS: ReadonlySet<number> = new Set([0x2f, 0x5c, 0x3f, 0x23, 0x3b]);
const NONE: ReadonlySet<number> = new Set();
/** Encodings that readers disagree about: of characters that divide a path, of dots and of `%`, and incomplete ones. */
const DECISIVE = /%(?:2[35ef]|3[bf]|5c|(?![0-9a-f]{2}))/i;

/**
 * The other readings of a path, in lower case. The path is decoded until no encoding is left. A decoded character may
 * look like the end of the path, or like a host at its start: another reading is cut there. Dot segments and
 * backslashes stay. A `..` leads out of different segments for readers that decode less, so their readings are added.
 *
 * The number of readings is bounded. Each is at most twice as long as the path, and the time grows with its length.
 *
 * @param ends characters that end a path
 */
export function decodedReadings(path: string, ends: RegExp): readonly string[] {
  const decoded = folded(fullyDecoded(path));
  const isDecisive = DECISIVE.test(path) || decoded.includes('..');
  const readings = isDecisive ? commonReadings(path, decoded) : [decoded];
  for (const reading of [...readings]) {
    const end = reading.search(ends);
    if (end !== -1) {
      readings.push(reading.slice(0, end));
    }
  }
  // A URL parser finds a host in `//host/path` and in `\\host\path`.
  for (const reading of readings.filter((one) => /^[/\\]{2}/.test(one))) {
    const host = /^[/\\]+[^/\\]*/.exec(reading)?.[0] ?? '';
    readings.push(reading.slice(host.length));
  }
  return readings;
}

/** The readings of common readers: they decode completely, at most twice or not at all, and some keep empty segments. */
function commonReadings(path: string, decoded: string): string[] {
  const readings = new Set([decoded]);
  for (const encoding of ENCODINGS) {
    let text = path;
    for (let times = 0; times <= MOST_TIMES; times++) {
      readings.add(folded(text));
      readings.add(folded(text.replace(/%2e/gi, '.'))); // a URL parser reads a dot
      readings.add(folded(fullyDecoded(text, DIVIDERS))); // dots are resolved first, then the path is decoded
      text = text.replace(encoding, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  }
  for (const reading of readings) {
    readings.add(reading.replaceAll('\\', '\0')); // POSIX: a backslash is part of a name
  }
  for (const reading of [...readings]) {
    readings.add(reading.replace(/[/\\](?=[/\\])/g, '/\0')); // empty segments count as segments with a name
  }
  return [...readings];
}

/** Ignores case. The long s has no lower case, but its upper case is S. */
function folded(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/**
 * A path without encodings. A decoded byte may be part of another encoding: `%2565` is `%65`, which is `e`. Invalid
 * encodings stay. It takes one pass over the bytes: if the last three bytes are an encoding, its byte replaces them.
 *
 * @param named bytes that are part of a name where they are encoded
 */
function fullyDecoded(path: string, named = NONE): string {
  if (/^[^%\x80-\uffff]*$/.test(path)) {
    return path;
  }
  const bytes = new Uint8Array(path.length);
  let length = 0;
  for (let index = 0; index < path.length; index++) {
    const code = path.charCodeAt(index);
    bytes[length++] = code > 0xff ? 0xff : code; // Node gives each byte as a character
    for (let byte = encodedAt(bytes, length - 3); byte !== -1; byte = encodedAt(bytes, length - 3)) {
      length -= 2;
      bytes[length - 1] = named.has(byte) ? 0 : byte;
    }
  }
  return UTF8.decode(bytes.subarray(0, length));
}

/** The byte that an encoding stands for; -1 without an encoding. */
function encodedAt(bytes: Uint8Array, at: number): number {
  if (at < 0 || bytes[at] !== PERCENT) {
    return -1;
  }
  const high = hexDigit(bytes[at + 1] as number);
  const low = hexDigit(bytes[at + 2] as number);
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) {
    return byte - 0x30;
  }
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
