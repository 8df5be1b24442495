/** A request to try from a terminal, and what it shows. */
export interface CurlLine {
  readonly says: string;
  readonly method: 'GET' | 'OPTIONS';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Three requests to start with: an allowed, a refused and a preflighted one. */
export function curlLines(app: string, evil: string): readonly CurlLine[] {
  return [
    {
      says: 'allowed: the front end may read orders, so Access-Control-Allow-Origin names it',
      method: 'GET',
      path: '/orders',
      headers: { Origin: app },
    },
    {
      says: 'refused: the same answer for a stranger, without the header (curl reads it; a page cannot)',
      method: 'GET',
      path: '/orders',
      headers: { Origin: evil },
    },
    {
      says: 'preflighted: may the front end send DELETE? Answered by the policy of the DELETE handler',
      method: 'OPTIONS',
      path: '/products/7',
      headers: { Origin: app, 'Access-Control-Request-Method': 'DELETE' },
    },
  ];
}

/** The command for a shell. With `--resolve`, the host name needs no entry in a hosts file. */
export function curlCommand({ method, path, headers }: CurlLine, api: string): string {
  const { host, hostname, port } = new URL(api);
  const given = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
  return [
    'curl -i',
    `--resolve ${hostname}:${port}:127.0.0.1`,
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...given,
    `http://${host}${path}`,
  ].join(' ');
}
