import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listen, stop } from '../../sample/server/loopback.js';
import { createPageServer } from '../../sample/server/page-server.js';
import { RequestLog } from '../../sample/server/request-log.js';
import { headerValues } from '../support/requests/http-message.js';
import { rawRequest } from '../support/requests/raw-request.js';

const portOf = (server: Server) => (server.address() as { port: number }).port;

/** The CORS headers of the fake API. */
const ANSWERED = ['Access-Control-Allow-Origin: *', 'Vary: Origin'];

describe('the page server', () => {
  const log = new RequestLog();
  const api = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response
      .writeHead(request.method === 'OPTIONS' ? 204 : 418, { Vary: 'Origin', 'Content-Type': 'text/plain' })
      .end();
  });
  const pages = createPageServer({
    folder: 'sample/page',
    api: 'http://api.localhost:3300',
    platform: 'Express',
    log,
    explain: () => Promise.reject(new Error('This API has no policies')),
  });
  beforeAll(async () => {
    log.watch(api);
    await listen(api, 0, '127.0.0.1');
    await listen(pages, 0, '127.0.0.1');
  });
  afterAll(async () => {
    await stop(api);
    await stop(pages);
  });
  const get = (path: string, host = 'app.localhost:3400') =>
    rawRequest({ port: portOf(pages) }, { path, headers: { Host: host } });

  it('sends a policy that lets the page connect to itself and the API only', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(headerValues(page, 'content-security-policy')).toEqual([
      "default-src 'self'; img-src data:; connect-src 'self' http://api.localhost:3300",
    ]);
  });

  it('serves every file that the page or another file names', async () => {
    const files = [...(await get('/')).text.matchAll(/(?:href|src)="([\w.]+\.(?:css|js))"/g)].map(([, file]) => file);
    expect(files).toEqual(['page.css', 'page.js']);
    for (const file of [...files, 'draw.js', 'element.js', 'perform.js', 'predict.js', 'requests.json']) {
      expect([file, (await get(`/${file}`)).status]).toEqual([file, 200]);
    }
  });

  it.each(['/.env', '/../.env', '/..%2F.env', '/page.css/', '/PAGE.CSS', '//page.css', '/constructor'])(
    'responds with 404 to %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('reports to the page each request from its own origin once', async () => {
    const target = { port: portOf(api) };
    const Origin = 'http://app.localhost:3400';
    await rawRequest(target, {
      method: 'OPTIONS',
      path: '/a',
      headers: { Origin, 'Access-Control-Request-Method': 'PUT' },
    });
    await rawRequest(target, { method: 'PUT', path: '/a?b=1', headers: { Origin } });
    await rawRequest(target, { path: '/without-origin' });
    const seen = async (host: string) => JSON.parse((await get('/seen.json', host)).text);

    expect(await seen('app.localhost:3401')).toEqual([]);
    expect(await seen('app.localhost:3400')).toEqual([
      {
        method: 'OPTIONS',
        path: '/a',
        status: 204,
        preflight: true,
        sent: [`Origin: ${Origin}`, 'Access-Control-Request-Method: PUT'],
        answered: ANSWERED,
      },
      { method: 'PUT', path: '/a?b=1', status: 418, preflight: false, sent: [`Origin: ${Origin}`], answered: ANSWERED },
    ]);
    expect(await seen('app.localhost:3400')).toEqual([]);
  });
});
