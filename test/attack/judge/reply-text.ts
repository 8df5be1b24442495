import type { Reply } from '../client.js';

/** The first value of a header. */
export function headerOf({ lines }: Pick<Reply, 'lines'>, name: string): string | undefined {
  return lines.find(([line]) => line === name)?.[1];
}

/** The status, and the handlers that ran. */
export function describe({ status, ran }: Reply): string {
  return `${status}${ran.length === 0 ? '' : ` by ${ran.join(', ')}`}`;
}

/** All header lines about CORS. */
export function corsLines({ lines }: Reply): string {
  return lines
    .filter(([name]) => name.startsWith('access-control-') || name === 'vary')
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
}
