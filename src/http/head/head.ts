/** The part of Node's response that writing a head needs. HTTP/2 and injected responses have it too. */
export interface HeadResponse {
  getHeaderNames(): string[];
  getHeader(name: string): unknown;
  setHeader(name: string, value: never): unknown;
  removeHeader(name: string): void;
}

/** The headers that `writeHead` accepts: an object, a flat list of names and values, or a list of pairs. */
export type HeadHeaders = Record<string, unknown> | readonly unknown[];

/** The value of a header that will be sent: `writeHead` prefers the headers that are passed to it. */
export function headerAtHead(response: HeadResponse, passed: unknown, lowerCaseName: string): unknown {
  if (Array.isArray(passed)) {
    const list = flatten(passed);
    const at = list.findIndex((name, index) => index % 2 === 0 && isNamed(String(name), lowerCaseName));
    if (at !== -1) {
      return list[at + 1];
    }
  } else {
    // Fastify passes an object for each response: nothing is allocated for it.
    for (const name in passed as HeadHeaders | undefined) {
      if (isNamed(name, lowerCaseName)) {
        return (passed as Record<string, unknown>)[name];
      }
    }
  }
  return response.getHeader(lowerCaseName);
}

/** The own names and values of an object, as a flat list. */
export function pairsOf(record: HeadHeaders): unknown[] {
  const names = Object.keys(record);
  const pairs = new Array<unknown>(names.length * 2);
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    pairs[index * 2] = name;
    pairs[index * 2 + 1] = (record as Record<string, unknown>)[name];
  }
  return pairs;
}

/** A flat list of names and values, from either form of list. */
export function flatten(headers: readonly unknown[]): readonly unknown[] {
  return Array.isArray(headers[0]) ? headers.flat(1) : headers;
}

/** The length comes first, because this runs for each header of each response. */
export function isNamed(name: string, lowerCaseName: string): boolean {
  return name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName;
}
