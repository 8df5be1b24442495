import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { of } from 'rxjs';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, type Platform } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();
const folder = mkdtempSync(path.join(tmpdir(), 'cors-files-'));
const file = path.join(folder, 'notes.txt');
writeFileSync(file, 'some notes');
afterAll(() => rmSync(folder, { recursive: true }));

/** Looks like a stream, and is none. */
class Report {
  readonly title = 'monthly';
  pipe() {
    return undefined;
  }
}

const parts: Parts = (cors) => {
  @Controller('files')
  class FilesController {
    @Get('stream') stream() {
      spy.ran('stream');
      return new StreamableFile(createReadStream(file));
    }
    @Get('buffer') buffer() {
      spy.ran('buffer');
      return new StreamableFile(Buffer.from('bytes'));
    }
    @Get('observable') observable() {
      spy.ran('observable');
      return of(new StreamableFile(createReadStream(file)));
    }
    @cors({ origin: [ADMIN] })
    @Get('described')
    described() {
      spy.ran('described');
      return new StreamableFile(createReadStream(file), {
        type: 'text/markdown',
        disposition: 'attachment; filename="notes.txt"',
        length: 10,
      });
    }
    @Header('Content-Type', 'application/x-notes')
    @Get('typed')
    typed() {
      spy.ran('typed');
      return new StreamableFile(createReadStream(file), { type: 'text/markdown' });
    }
    @Get('lookalike') lookalike() {
      spy.ran('lookalike');
      return new Report();
    }
    @Get('missing') missing() {
      spy.ran('missing');
      return new StreamableFile(createReadStream(path.join(folder, 'absent.txt'))).setErrorHandler(
        (_error, response) => {
          response.statusCode = 404;
          response.send('no such file');
        },
      );
    }
    @Get('unhandled') unhandled() {
      spy.ran('unhandled');
      return new StreamableFile(createReadStream(path.join(folder, 'absent.txt')));
    }
    @Get('slow') slow() {
      spy.ran('slow');
      const stream = new PassThrough();
      stream.write('first');
      return new StreamableFile(stream);
    }
    @Get('broken') broken() {
      spy.ran('broken');
      return new StreamableFile(
        Readable.from(
          (function* () {
            yield 'first';
            throw new Error('disk failure');
          })(),
        ),
      );
    }
  }
  return { controllers: [FilesController] };
};

describePlatforms('a file that a handler returns', (platform) => {
  const fastify = platform.name === 'fastify';
  const twins = serveTwins(platform, parts, spy);

  it.each([
    ['stream', 'some notes'],
    ['buffer', 'bytes'],
    ['observable', 'some notes'],
  ])('is sent as it is: %s', async (name, body) => {
    await twins.expectSame(
      { path: `/files/${name}` },
      { status: 200, ran: [name], body, headers: { 'content-type': 'application/octet-stream' } },
    );
  });

  it('keeps its type, disposition and length', async () => {
    const headers = {
      'content-type': 'text/markdown',
      'content-disposition': 'attachment; filename="notes.txt"',
      'content-length': '10',
    };
    const expected = { status: 200, ran: ['described'], headers, allows: ADMIN, refuses: APP };
    await twins.expectSame({ path: '/files/described' }, { ...expected, body: 'some notes' });
    await twins.expectSame({ method: 'HEAD', path: '/files/described' }, { ...expected, body: '' });
  });

  it('keeps a type that @Header() sets', async () => {
    const headers = { 'content-type': 'application/x-notes' };
    await twins.expectSame({ path: '/files/typed' }, { status: 200, ran: ['typed'], headers, body: 'some notes' });
  });

  it('is told from an object that only has a pipe method', async () => {
    // Fastify takes such an object for a stream, and fails.
    const expected = fastify ? { status: 500 } : { status: 200, body: '{"title":"monthly"}' };
    await twins.expectSame({ path: '/files/lookalike' }, { ...expected, ran: ['lookalike'] });
  });

  it('that does not exist is answered with an error that the page can read', async () => {
    // Fastify answers before the handler of the error is called.
    const handled = fastify ? { status: 500 } : { status: 404, body: 'no such file' };
    await twins.expectSame({ path: '/files/missing' }, { ...handled, ran: ['missing'] });
    await twins.expectSame({ path: '/files/unhandled' }, { status: fastify ? 500 : 400, ran: ['unhandled'] });
  });

  it('that cannot be read to its end has the CORS headers, and ends in the same way', async () => {
    const response = await twins.expectSame({ path: '/files/broken' }, { status: 200, ran: ['broken'], body: 'first' });
    expect(response.complete).toBe(false);
  });

  it('that is slow has the CORS headers before its end, and the client can leave', async () => {
    const { port } = twins.served.running;
    const request = get({ port, path: '/files/slow', headers: { Origin: APP } });
    const [{ statusCode, headers }] = (await once(request, 'response')) as [IncomingMessage];
    request.destroy();
    expect([statusCode, headers['access-control-allow-origin'], headers.vary]).toEqual([200, APP, 'Origin']);
    expect(spy.take()).toEqual(['slow']);
    await twins.expectSame({ path: '/files/buffer' }, { status: 200, ran: ['buffer'], body: 'bytes' });
  });
});

describe('static files of an Express application', () => {
  const [express] = PLATFORMS as [Platform];
  const twins = serveTwins(express, parts, spy, {
    cors: { origin: [APP], paths: [{ path: '/static', policy: { origin: [ADMIN] } }] },
    configure: (app) => (app as NestExpressApplication).useStaticAssets(folder, { prefix: '/static', index: false }),
  });
  const expected = { status: 200, ran: [], body: 'some notes', allows: ADMIN, refuses: APP };

  it('have the policy of their path', async () => {
    await twins.expectSame({ path: '/static/notes.txt' }, { ...expected, headers: { 'accept-ranges': 'bytes' } });
    const headers = { Range: 'bytes=5-' };
    const headersOut = { 'content-range': 'bytes 5-9/10' };
    await twins.expectSame(
      { path: '/static/notes.txt', headers },
      { ...expected, status: 206, body: 'notes', headers: headersOut },
    );
    await twins.expectSame({ path: '/static/absent.txt' }, { ...expected, status: 404, body: /Cannot GET/ });
  });
});
