import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Options, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../support/cors-headers.js';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, serve } from '../support/platforms.js';
import { preflight } from '../support/policy-statement.js';
import type { RawResponse } from '../support/requests/http-message.js';
import { RawConnection, type RawRequest } from '../support/requests/raw-request.js';
import { stopTime } from './support/fake-time.js';
import { HeldCalls } from './support/held-calls.js';
import { ServerSockets } from './support/server-sockets.js';

const MEGABYTE = 1_000_000;
const SLOW = 'https://slow.example';
const SLOWER = 'https://slower.example';

const spy = new HandlerSpy();
const heldCalls = new HeldCalls();

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

@Controller('files')
class FilesController {
  @Get() list() {
    return spy.ran('list');
  }
  @Get('other') other() {
    return spy.ran('other');
  }
  @Post() @HttpCode(200) receive(@Body() body: Buffer) {
    spy.ran('receive');
    return digest(body);
  }
  @Options('options') @HttpCode(200) options() {
    return spy.ran('options');
  }
}

@Module({
  // Two parameters: called for every request, so that no cache hides the delay.
  imports: [CorsModule.forRoot({ origin: (origin, _context) => heldCalls.call(origin) })],
  controllers: [FilesController],
})
class FilesModule {}

function chunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let from = 0; from < body.length; from += 60_000) {
    const part = body.subarray(from, from + 60_000);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

describePlatforms('a delayed decision', (platform) => {
  const server = serve(platform, FilesModule, spy, {
    configure: (app) => {
      const limit = 6 * MEGABYTE;
      return platform.name === 'express'
        ? (app as NestExpressApplication).useBodyParser('raw', { type: 'application/octet-stream', limit })
        : (app as NestFastifyApplication).useBodyParser('application/octet-stream', { bodyLimit: limit });
    },
  });
  const time = stopTime();
  let sockets: ServerSockets;
  beforeAll(() => {
    sockets = new ServerSockets(server.running.app.getHttpServer());
  });
  beforeEach(async () => {
    await sockets.until(({ open }) => open === 0);
    heldCalls.restart();
    spy.take();
  });

  const open = () => RawConnection.open(server.running);
  const from = (origin: string, request: RawRequest = {}): RawRequest => ({
    path: '/files',
    ...request,
    headers: { Origin: origin, ...request.headers },
  });
  const summary = (response: RawResponse) => [response.status, response.text, corsHeaders(response)];
  const granted = (origin: string) => ({ 'access-control-allow-origin': origin, vary: 'Origin' });

  describe('leaves a body of 5 MB intact', () => {
    const body = randomBytes(5 * MEGABYTE);
    const octets = { 'Content-Type': 'application/octet-stream' };
    const framings: [string, RawRequest][] = [
      ['with its length', { method: 'POST', headers: octets, body }],
      ['in chunks', { method: 'POST', headers: { ...octets, 'Transfer-Encoding': 'chunked' }, body: chunked(body) }],
    ];

    it.each(framings)('that is sent %s during the call of the resolver', async (_, request) => {
      const connection = await open();
      connection.send(from(SLOW, request));
      await heldCalls.untilCalled(1);
      expect(spy.take()).toEqual([]);
      heldCalls.answer(true);
      expect(summary(await connection.receive())).toEqual([200, digest(body), granted(SLOW)]);
      // The connection can be used again: no byte of the body is left.
      connection.send({ path: '/files' });
      expect((await connection.receive()).text).toBe('list');
      expect(spy.take()).toEqual(['receive', 'list']);
      connection.close();
    });

    it('after 50 ms', async () => {
      const connection = await open();
      const later = new HeldCalls();
      const timer = setTimeout(() => later.answer(true), 50);
      void later.call(SLOW).then((allowed) => heldCalls.answer(allowed));
      connection.send(from(SLOW, { method: 'POST', headers: octets, body }));
      await heldCalls.untilCalled(1);
      await time.advance(49);
      expect(spy.take()).toEqual([]);
      await time.advance(1);
      expect(summary(await connection.receive())).toEqual([200, digest(body), granted(SLOW)]);
      clearTimeout(timer);
      connection.close();
    });

    it('and reads it to its end if the origin is denied', async () => {
      const connection = await open();
      connection.send(from(SLOW, { method: 'POST', headers: octets, body }));
      await heldCalls.untilCalled(1);
      heldCalls.answer(false);
      expect(summary(await connection.receive())).toEqual([200, digest(body), { vary: 'Origin' }]);
      connection.close();
    });
  });

  it('keeps the order of pipelined requests and handles each once', async () => {
    const connection = await open();
    const text = { 'Content-Type': 'application/octet-stream' };
    connection.send(from(SLOW, { method: 'POST', headers: text, body: 'first' }));
    connection.send({ path: '/files' });
    connection.send(from(SLOWER, { path: '/files/other' }));
    connection.send(preflight(SLOW, 'POST', '/files'));
    await heldCalls.untilCalled(3);
    // A request without Origin waits only for its turn on the connection.
    await sockets.until(({ requests }) => requests >= 4);
    expect(spy.take()).toEqual(['list']);
    heldCalls.answer(true, SLOWER);
    heldCalls.answer(true, SLOW);
    const responses = [];
    for (let count = 0; count < 4; count += 1) {
      responses.push(await connection.receive());
    }
    expect(responses.map(({ status, text }) => [status, text])).toEqual([
      [200, digest(Buffer.from('first'))],
      [200, 'list'],
      [200, 'other'],
      [204, ''],
    ]);
    expect(responses.map((response) => corsHeaders(response)['access-control-allow-origin'])).toEqual([
      SLOW,
      undefined,
      SLOWER,
      SLOW,
    ]);
    expect(spy.take().sort()).toEqual(['other', 'receive']);
    connection.close();
  });

  it('adds no listener to a keep-alive connection', async () => {
    const connection = await open();
    const seen: unknown[] = [];
    for (let count = 0; count < 20; count += 1) {
      connection.send(from(SLOW));
      await heldCalls.untilCalled(count + 1);
      heldCalls.answer(count % 2 === 0);
      const response = await connection.receive();
      expect(corsHeaders(response)).toEqual(count % 2 === 0 ? granted(SLOW) : { vary: 'Origin' });
      seen.push(sockets.listeners());
    }
    expect(seen[19]).toEqual(seen[1]);
    expect(time.timers).toBe(0);
    expect(spy.take()).toHaveLength(20);
    connection.close();
  });

  it('passes an OPTIONS request that is not a preflight to its handler', async () => {
    const connection = await open();
    connection.send(from(SLOW, { method: 'OPTIONS', path: '/files/options' }));
    await heldCalls.untilCalled(1);
    heldCalls.answer(true);
    expect(summary(await connection.receive())).toEqual([200, 'options', granted(SLOW)]);
    connection.close();
  });

  describe('for a client that disconnects', () => {
    const going: [string, (connection: RawConnection) => void][] = [
      ['a GET', (connection) => connection.send(from(SLOW))],
      ['a preflight', (connection) => connection.send(preflight(SLOW, 'POST', '/files'))],
      ['a POST with all of its body', (connection) => connection.send(from(SLOW, { method: 'POST', body: 'all' }))],
      [
        'a POST with half of its body',
        (connection) =>
          connection.send(from(SLOW, { method: 'POST', headers: { 'Content-Length': '2000' }, body: 'half' })),
      ],
    ];

    it.each(going)('after %s runs no handler and leaks nothing', async (_, send) => {
      const connection = await open();
      send(connection);
      await heldCalls.untilCalled(1);
      connection.close();
      await sockets.until((server) => server.open === 0);
      heldCalls.answer(true);
      await time.advance(0);
      expect([spy.take(), time.timers, sockets.open]).toEqual([[], 0, 0]);
    });

    it('after a part of a POST of 5 MB runs no handler and leaks nothing', async () => {
      const connection = await open();
      const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(5 * MEGABYTE) };
      connection.send(from(SLOW, { method: 'POST', headers, body: randomBytes(4 * MEGABYTE) }));
      await heldCalls.untilCalled(1);
      connection.close();
      // With full buffers the server does not read, so it notices the disconnect only when it continues.
      heldCalls.answer(true);
      await sockets.until((server) => server.open === 0);
      expect([spy.take(), time.timers]).toEqual([[], 0]);
    });

    it('after pipelined requests runs no handler', async () => {
      const connection = await open();
      connection.send(from(SLOW));
      connection.send(from(SLOWER, { path: '/files/other' }));
      connection.send(preflight(SLOWER, 'POST', '/files'));
      await heldCalls.untilCalled(3);
      connection.close();
      await sockets.until((server) => server.open === 0);
      heldCalls.answer(true);
      await time.advance(0);
      expect([spy.take(), time.timers]).toEqual([[], 0]);
    });
  });
});
