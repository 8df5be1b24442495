import type { Browser, BrowserName } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import { connectAll, type Way } from './connect.js';
import { ALLOWED_HOST, type SocketServer } from './socket-servers.js';

const SERVER_HOST = 'api.shop.localhost';

const REFUSED: Readonly<Record<Way, string>> = Object.freeze({
  WebSocket: 'refused',
  polling: 'xhr poll error',
  websocket: 'websocket error',
  'internal namespace': 'websocket error',
  fetch: 'refused',
  JSONP: 'refused',
});
const CONNECTED: Readonly<Record<Way, string>> = Object.freeze({
  WebSocket: 'connected',
  polling: 'connected',
  websocket: 'connected',
  'internal namespace': 'connected',
  fetch: 'connected',
  JSONP: 'connected',
});

/** Each page: its host, its path, and what it gets, as the documentation about WebSockets says. */
const PAGES: readonly [name: string, host: string, path: string, results: Readonly<Record<Way, string>>][] = [
  ['the own host', SERVER_HOST, 'page', CONNECTED],
  [
    'an allowed origin',
    ALLOWED_HOST,
    'page',
    { ...CONNECTED, 'internal namespace': 'Origin not allowed', JSONP: 'refused' },
  ],
  ['another origin of the same site', 'other.shop.localhost', 'page', REFUSED],
  ['another site', 'evil.localhost', 'page', REFUSED],
  ['the own host in a sandbox', SERVER_HOST, 'sandboxed', REFUSED],
];

/** Connects to gateways from pages of every kind, and compares the results with the documentation. */
export async function runSockets(
  browser: Browser,
  browserName: BrowserName,
  servers: readonly SocketServer[],
  checks: Checks,
): Promise<void> {
  for (const { platform, port, ways } of servers) {
    for (const [page, host, path, expected] of PAGES) {
      await browser.visit(`https://${host}:${port}/${path}`);
      const results = await browser.evaluate(connectAll, { host: `${SERVER_HOST}:${port}`, ways });
      for (const [at, way] of ways.entries()) {
        checks.equal(`${browserName}, ${way} on ${platform} from a page of ${page}`, results[at], expected[way]);
      }
    }
  }
}
