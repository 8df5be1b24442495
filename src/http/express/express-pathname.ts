import { parse } from 'node:url';

/**
 * The path of a request target as Express's router reads it. A plain target ends at the question mark. Node's parser
 * reads anything else (absolute form, white space, a fragment).
 */
export function expressPathname(url: string): string | undefined {
  if (url.charCodeAt(0) !== 0x2f) {
    return throughParser(url);
  }
  let end = url.length;
  for (let index = 1; index < url.length; index++) {
    switch (url.charCodeAt(index)) {
      case 0x3f: // ?
        end = Math.min(end, index);
        break;
      case 0x09:
      case 0x0a:
      case 0x0c:
      case 0x0d:
      case 0x20:
      case 0x23: // #
      case 0xa0:
      case 0xfeff:
        return throughParser(url); // also after the question mark: the parser reads the whole target
    }
  }
  return end === url.length ? url : url.slice(0, end);
}

function throughParser(url: string): string | undefined {
  try {
    return parse(url).pathname ?? undefined;
  } catch {
    return undefined;
  }
}
