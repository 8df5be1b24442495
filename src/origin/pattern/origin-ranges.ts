import { readOriginPattern } from './origin-pattern.js';
import { coversStrangers } from './shared-hosts.js';

const CIDR = /^(?:(https?):\/\/)?(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/iu;
const STARRED_ADDRESS = /^(?:(https?):\/\/)?(\d{1,3}(?:\.(?:\d{1,3}|\*)){1,3})(:\d{1,5}|:\*)?\/?$/iu;
const STARRED_NAME = /^(https?):\/\/([a-z\d*_-]+(?:\.[a-z\d*_-]+)+)(:\d{1,5}|:\*)?$/u;

const ANY_PORT = ':*';

/**
 * The source of an expression for what no pattern can say: a range of IPv4 addresses (`10.0.0.0/8`, `192.168.*.*`), or
 * stars outside the leftmost label (`https://app.*.example.com`). It is anchored, takes linear time, and matches no host
 * that a stranger can have.
 *
 * @param secureOnly whether only `https:` may match
 */
export function rangeSource(text: string, secureOnly: boolean): string | undefined {
  const trimmed = text.trim();
  const subnet = CIDR.exec(trimmed);
  if (subnet !== null) {
    const host = subnetSource(subnet[2]?.split('.').map(Number) ?? [], Number(subnet[3]));
    return host && originSource(subnet[1], host, ANY_PORT, secureOnly);
  }
  const address = STARRED_ADDRESS.exec(trimmed);
  if (address !== null && trimmed.includes('*')) {
    const octets = [...(address[2]?.split('.') ?? []), '*', '*', '*'].slice(0, 4);
    const host = octets.map((octet) => (octet === '*' ? '\\d+' : octet)).join('\\.');
    return originSource(address[1], host, address[3] ?? ANY_PORT, secureOnly);
  }
  const name = STARRED_NAME.exec(trimmed);
  const host = name === null ? undefined : nameSource(name[2] ?? '');
  return host && originSource(name?.[1], host, name?.[3] ?? '', secureOnly);
}

function originSource(scheme: string | undefined, host: string, port: string, secureOnly: boolean): string {
  const secure = secureOnly || scheme?.toLowerCase() === 'https';
  return `^${secure ? 'https' : 'http'}:\\/\\/${host}${port === ANY_PORT ? '(?::\\d+)?' : port}$`;
}

/** @param prefix how many bits are fixed, 1 to 31 */
function subnetSource(octets: readonly number[], prefix: number): string | undefined {
  if (octets.length !== 4 || octets.some((octet) => octet > 255) || prefix < 1 || prefix > 31) {
    return undefined;
  }
  return octets
    .map((octet, index) => {
      const bits = Math.min(Math.max(prefix - 8 * index, 0), 8);
      if (bits === 8) {
        return String(octet);
      }
      if (bits === 0) {
        return '\\d+';
      }
      const size = 2 ** (8 - bits);
      const first = octet - (octet % size);
      return `(?:${Array.from({ length: size }, (_, offset) => first + offset).join('|')})`;
    })
    .join('\\.');
}

function nameSource(host: string): string | undefined {
  const labels = host.split('.');
  const starred = labels.map((label) => label.includes('*')).lastIndexOf(true);
  const right = labels.slice(starred + 1).join('.');
  const below = starred === -1 ? 'has no star' : readOriginPattern(`https://*.${right}`);
  if (typeof below === 'string' || coversStrangers(below)) {
    return undefined;
  }
  return labels
    .map((label, index) => (label === '*' && index === 0 ? '[a-z0-9.-]+' : label.replace(/\*+/gu, '[a-z0-9-]+')))
    .join('\\.');
}
