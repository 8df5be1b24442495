import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, Module, Post, Req, Res } from '@nestjs/common';
import { corsHeaders } from './cors-headers.js';
import { HandlerSpy } from './handler-spy.js';
import { describePlatforms, serve } from './platforms.js';
import { headerValues, parseResponse } from './requests/http-message.js';
import { RawConnection, rawRequest } from './requests/raw-request.js';
import { selfSignedCertificate } from './self-signed.js';

describe('a parsed response', () => {
  const read = (text: string, method = 'GET', ended = false) =>
    parseResponse(Buffer.from(text, 'latin1'), method, ended);

  it('keeps the case, order and repetition of header lines', () => {
    const parsed = read('HTTP/1.1 200 OK\r\nVary: a\r\nvARY: b\r\nContent-Length: 0\r\n\r\n');
    expect(parsed?.response.headerLines).toEqual([
      ['Vary', 'a'],
      ['vARY', 'b'],
      ['Content-Length', '0'],
    ]);
    expect(corsHeaders(parsed?.response ?? { headerLines: [] })).toEqual({ vary: ['a', 'b'] });
  });

  it('separates informational responses from the final one', () => {
    const parsed = read('HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 204 No Content\r\nX: 1\r\n\r\n');
    expect(parsed?.response.informational).toEqual([{ status: 103, headerLines: [['Link', '<a>']] }]);
    expect(parsed?.response.status).toBe(204);
  });

  it('ends after its chunks and trailers, and leaves the next response unread', () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\nT: 1\r\n\r\n';
    const parsed = read(`${chunked}HTTP/1.1 404 `);
    expect(parsed?.response.text).toBe('abcd');
    expect(parsed?.response.trailers).toEqual([['T', '1']]);
    expect(parsed?.rest.toString()).toBe('HTTP/1.1 404 ');
    expect(read(chunked.slice(0, -2))).toBeUndefined();
  });

  it('is incomplete until its body arrives or the connection ends', () => {
    const cut = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab';
    expect(read(cut)).toBeUndefined();
    expect(read(cut, 'GET', true)?.response.complete).toBe(false);
    expect(read(cut, 'HEAD')?.response.complete).toBe(true);
  });
});

const spy = new HandlerSpy();

@Controller()
class PlainController {
  @Get('hand-set')
  @Header('Access-Control-Allow-Origin', 'https://app.example.com')
  @Header('X-Other', '1')
  handSet() {
    return spy.ran('handSet');
  }

  @Post('echo')
  // biome-ignore lint/suspicious/noExplicitAny: the request and response of either platform
  echo(@Req() request: any, @Res() response: any) {
    spy.ran('echo');
    const raw = response.raw ?? response;
    raw.end(JSON.stringify((request.raw ?? request).rawHeaders));
  }
}

@Module({ controllers: [PlainController] })
class PlainModule {}

describePlatforms('the raw client', (platform) => {
  const server = serve(platform, PlainModule, spy);

  it('reports the status, the exact headers and the handlers that ran', async () => {
    expect(await server.outcome({ path: '/hand-set' })).toEqual({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://app.example.com' },
      ran: ['handSet'],
    });
    expect(await server.outcome({ path: '/hand-set/x' })).toEqual({ status: 404, headers: {}, ran: [] });
  });

  it('writes header lines as given, with their case, repetition and bytes', async () => {
    const response = await server.request({
      method: 'POST',
      path: '/echo',
      headers: { oRiGiN: ['https://a.example', 'https://b.example'], 'X-Byte': 'm\u00fcn' },
    });
    const names: string[] = JSON.parse(response.text);
    expect(names.filter((name) => name === 'oRiGiN')).toHaveLength(2);
    expect(names).toContain('m\u00fcn');
  });

  it('reads pipelined responses in order on one connection', async () => {
    const connection = await RawConnection.open(server.running);
    connection.send({ path: '/hand-set' });
    connection.send({ method: 'HEAD', path: '/hand-set' });
    connection.send({ path: '/missing' }, 'close');
    const statuses = [];
    for (let index = 0; index < 3; index++) {
      statuses.push((await connection.receive()).status);
    }
    connection.close();
    expect(statuses).toEqual([200, 200, 404]);
  });
});

describe('the self-signed test certificate', () => {
  const server = https.createServer(selfSignedCertificate(), (_request, response) => response.end('secret'));
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it('works for a TLS server', async () => {
    const { port } = server.address() as AddressInfo;
    const response = await rawRequest({ port, secure: true }, { path: '/' });
    expect([response.status, response.text]).toEqual([200, 'secret']);
    expect(headerValues(response, 'connection')).toEqual(['close']);
  });
});
