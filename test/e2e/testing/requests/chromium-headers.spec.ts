import { beforeEach, describe, expect, it } from '@jest/globals';
import { openPage, type Page } from 'nestjs-cors/testing';
import { APP } from '../../../support/policy-statement.js';
import { ALLOWED, scriptedServer } from '../support/scripted-server.js';

const server = scriptedServer();
let page: Page;

beforeEach(() => {
  server.answer((response) => response.writeHead(200, { ...ALLOWED, 'access-control-max-age': '0' }).end());
  page = openPage(`http://127.0.0.1:${server.port}`, APP);
});

const requestedHeaders = async (headers: Record<string, string>) => {
  await page.fetch('/', { headers });
  return page.exchanges.flatMap(({ preflight, requestHeaders }) =>
    preflight
      ? requestHeaders.filter(([name]) => name === 'Access-Control-Request-Headers').map(([, value]) => value)
      : [],
  );
};

describe('a header of the page that Chromium treats in its own way', () => {
  it.each([
    ['Save-Data', 'on'],
    ['save-data', 'On'],
    ['DPR', '2'],
    ['dpr', ' 2.5 '],
    ['Device-Memory', '0.5'],
    ['Downlink', '10'],
    ['ECT', 'slow-2g'],
    ['ECT', '4g'],
    ['RTT', '100'],
    ['Viewport-Width', '320'],
    ['Width', '1'],
    ['Intervention', 'anything'],
  ])('needs no preflight, and is sent: %s: %s', async (name, value) => {
    expect(await requestedHeaders({ [name]: value })).toEqual([]);
    expect(page.exchanges.map(({ method }) => method)).toEqual(['GET']);
    expect(page.exchanges[0]?.requestHeaders).toContainEqual([name, value.trim()]);
  });

  it.each([
    ['Save-Data', 'off'],
    ['DPR', '2.'],
    ['DPR', '.5'],
    ['DPR', '1e3'],
    ['DPR', `2.${'0'.repeat(127)}`],
    ['Device-Memory', ''],
    ['Downlink', '-1'],
    ['ECT', '5g'],
    ['RTT', '1.5'],
    ['Width', '0x1'],
  ])('needs a preflight for another value: %s: %s', async (name, value) => {
    expect(await requestedHeaders({ [name]: value, 'x-a': '1' })).toEqual([[name.toLowerCase(), 'x-a'].sort().join()]);
  });

  it('is left out, so that Chromium sends its own: User-Agent', async () => {
    expect(await requestedHeaders({ 'user-agent': 'mine' })).toEqual([]);
    const sent = page.exchanges[0]?.requestHeaders.filter(([name]) => name.toLowerCase() === 'user-agent');
    expect(sent).toEqual([['User-Agent', expect.stringContaining('Chrome/')]]);
  });
});
