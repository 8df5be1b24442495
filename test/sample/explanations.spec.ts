import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CorsService } from 'nestjs-cors';
import { AppModule } from '../../sample/api/app.module.js';
import { listen, stop } from '../../sample/server/loopback.js';
import { createPageServer } from '../../sample/server/page-server.js';
import { RequestLog } from '../../sample/server/request-log.js';
import { describePlatforms, type RunningApp, startApp } from '../support/platforms.js';
import { rawRequest } from '../support/requests/raw-request.js';

interface RequestEntry {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: string;
  readonly expected: Readonly<Record<string, 'read' | 'blocked' | 'either'>>;
}

const { groups } = JSON.parse(readFileSync('sample/page/requests.json', 'utf8')) as {
  readonly groups: readonly { readonly requests: readonly RequestEntry[] }[];
};
/** Its answer depends on an earlier request of the page, which adds an origin. */
const CHANGED = 'tenant-after';
const VERDICTS = { read: /^Readable: /, blocked: /^Blocked: /, either: /^(?:Readable|Blocked): / };

describePlatforms('the explanations on the page of the sample', (platform) => {
  let running: RunningApp;
  let pages: Server;
  beforeAll(async () => {
    running = await startApp(platform, AppModule);
    const explain = (request: Parameters<CorsService['explain']>[0]) => running.app.get(CorsService).explain(request);
    const log = new RequestLog();
    pages = createPageServer({
      folder: 'sample/page',
      api: 'http://api.localhost:3300',
      platform: 'any',
      log,
      explain,
    });
    await listen(pages, 0, '127.0.0.1');
  });
  afterAll(async () => {
    await stop(pages);
    await running.close();
  });

  const explanation = (request: string, host = 'app.localhost:3400') => {
    const { port } = pages.address() as { port: number };
    const path = `/explanation.txt?request=${encodeURIComponent(request)}`;
    return rawRequest({ port }, { path, headers: { Host: host } });
  };

  const cases = groups.flatMap(({ requests }) =>
    requests
      .filter(({ id }) => id !== CHANGED)
      .flatMap((request) =>
        Object.entries(request.expected).map(([page, expected]) => [request.id, page, expected, request] as const),
      ),
  );
  it.each(cases)('%s on the page %s is %s', async (_, page, expected, { method, path, headers, credentials }) => {
    const origin = `http://${page}.localhost:3400`;
    const url = `http://api.localhost:3300${path.replaceAll('{origin}', encodeURIComponent(origin))}`;
    const request = JSON.stringify({ method, url, headers, credentials: credentials === 'include' });
    expect((await explanation(request, new URL(origin).host)).text).toMatch(VERDICTS[expected]);
  });

  it.each(['', '{', '{"url":"orders"}', '{"path":"/orders"}'])('are 400 for the request %s', async (request) => {
    expect((await explanation(request)).status).toBe(400);
  });
});
