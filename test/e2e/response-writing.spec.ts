import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Param, Res } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { type CorsHeaders, corsHeaders } from '../support/cors-headers.js';
import { HandlerSpy } from '../support/handler-spy.js';
import type { RawResponse } from '../support/http-message.js';
import { describePlatforms, serve } from '../support/platforms.js';
import { APP, EVIL } from '../support/policy-statement.js';

const spy = new HandlerSpy();

/** What a handler that knows better sets; none of it may reach a client on an open or disabled route. */
const FOREIGN = {
  'Access-Control-Allow-Origin': 'https://foreign.example',
  'access-control-allow-methods': 'PURGE',
  'ACCESS-CONTROL-EXPOSE-HEADERS': 'x-foreign',
};
const FROZEN = Object.freeze({ 'X-A': '1', 'Access-Control-Allow-Origin': '*', Vary: 'Accept' });

interface Writing {
  readonly write: (response: ServerResponse) => unknown;
  /** The Vary a handler sets by itself, in the words of one line. */
  readonly vary?: string;
  /** What Vary must be on an open route. @default the own Vary with Origin added */
  readonly together?: string | string[];
}

/** Every way to write a head that Node offers, most of them with headers the library must not let through. */
const WRITINGS: Readonly<Record<string, Writing>> = {
  end: { write: (response) => response.end('x') },
  'statusCode and end': {
    write: (response) => {
      response.statusCode = 201;
      response.statusMessage = 'Made';
      response.end('x');
    },
  },
  'write and end': {
    write: (response) => {
      response.write('x');
      response.end('y');
    },
  },
  pipe: { write: (response) => Readable.from(['a', 'b']).pipe(response) },
  'setHeader and end': {
    write: (response) => {
      for (const [name, value] of Object.entries(FOREIGN)) {
        response.setHeader(name, value);
      }
      response.end('x');
    },
  },
  'setHeaders and end': {
    write: (response) => response.setHeaders(new Map(Object.entries({ ...FOREIGN, 'x-a': '1' }))).end('x'),
  },
  appendHeader: {
    write: (response) =>
      response.appendHeader('Access-Control-Allow-Origin', APP).appendHeader('Vary', 'Accept').end('x'),
    vary: 'Accept',
  },
  'writeHead with a status': { write: (response) => response.writeHead(202).end('x') },
  'writeHead with a reason': { write: (response) => response.writeHead(202, 'Fine').end('x') },
  'writeHead with an object': {
    write: (response) => response.writeHead(200, { 'X-A': '1', ...FOREIGN, vary: 'Accept' }).end('x'),
    vary: 'Accept',
  },
  'writeHead with a frozen, shared object': {
    write: (response) => response.writeHead(200, FROZEN).end('x'),
    vary: 'Accept',
  },
  'writeHead with a reason and an object': {
    write: (response) => response.writeHead(202, 'Fine', { 'X-A': '1', ...FOREIGN }).end('x'),
  },
  'writeHead with undefined and an object': {
    write: (response) => response.writeHead(202, undefined, { 'X-A': '1', ...FOREIGN }).end('x'),
  },
  'writeHead with a flat list': {
    write: (response) =>
      response
        .writeHead(200, [
          'X-A',
          '1',
          ...Object.entries(FOREIGN).flat(),
          'Set-Cookie',
          'a=1',
          'Set-Cookie',
          'b=2',
          'VARY',
          'Accept',
        ])
        .end('x'),
    vary: 'Accept',
  },
  'writeHead with pairs': {
    write: (response) =>
      response
        .writeHead(200, [
          ['X-A', '1'],
          ['Set-Cookie', ['a=1', 'b=2']],
          ...Object.entries(FOREIGN),
        ] as unknown as string[])
        .end('x'),
  },
  'writeHead with a list value': {
    write: (response) =>
      response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], Vary: ['Accept', 'Accept-Language'] }).end('x'),
    vary: 'Accept, Accept-Language',
  },
  'setHeader, then writeHead': {
    write: (response) => {
      response.setHeader('X-Q', '1');
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Vary', 'Accept-Encoding');
      response.writeHead(200, { 'X-A': '1', 'access-control-expose-headers': 'zzz' }).end('x');
    },
    vary: 'Accept-Encoding',
  },
  'setHeader, then writeHead with a flat list': {
    write: (response) => {
      response.setHeader('Vary', 'Accept-Encoding');
      response.writeHead(200, ['X-A', '1', ...Object.entries(FOREIGN).flat()]).end('x');
    },
    vary: 'Accept-Encoding',
  },
  'writeHeader, the old alias': {
    write: (response) => {
      const old = response as unknown as { writeHeader(status: number, headers: object): void };
      old.writeHeader(200, { 'X-A': '1', ...FOREIGN });
      response.end('x');
    },
  },
  flushHeaders: {
    write: (response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.flushHeaders();
      setImmediate(() => response.end('x'));
    },
  },
  'early hints and processing': {
    write: (response) => {
      response.writeEarlyHints({ link: '</s.css>; rel=preload; as=style' });
      response.writeProcessing();
      setImmediate(() => response.end('x'));
    },
  },
  'early hints, then writeHead': {
    write: (response) => {
      response.writeEarlyHints({ link: '</s.css>; rel=preload; as=style' });
      response.writeHead(200, { ...FOREIGN }).end('x');
    },
  },
  'headers all removed': {
    write: (response) => {
      for (const name of response.getHeaderNames()) {
        response.removeHeader(name);
      }
      response.end('x');
    },
  },
  'a failed writeHead, then end': {
    write: (response) => {
      try {
        response.writeHead(200, { 'X-A': 'a\nb' });
      } catch {
        response.statusCode = 500;
      }
      response.end('x');
    },
  },
  'a second writeHead': {
    write: (response) => {
      response.writeHead(200);
      try {
        response.writeHead(500);
      } catch (error) {
        response.end((error as { code: string }).code);
        return;
      }
      response.end('no error');
    },
  },
  'no body': { write: (response) => response.writeHead(204, FOREIGN).end() },
  'not modified': { write: (response) => response.writeHead(304, { ETag: '"1"' }).end() },
  'Vary *': {
    write: (response) => response.setHeader('Vary', '*').end('x'),
    vary: '*',
    together: '*',
  },
  'Vary with Origin in it': {
    write: (response) => response.setHeader('Vary', 'Accept, origin').end('x'),
    vary: 'Accept, origin',
    together: 'Accept, origin',
  },
  'Vary with a name that has Origin in it': {
    write: (response) => response.setHeader('Vary', 'X-Origin').end('x'),
    vary: 'X-Origin',
  },
  'an empty Vary': { write: (response) => response.setHeader('Vary', '').end('x'), vary: '', together: 'Origin' },
};

function respond(response: unknown, name: string): void {
  spy.ran(name);
  const raw = ((response as { raw?: unknown }).raw ?? response) as ServerResponse;
  WRITINGS[name]?.write(raw);
}

@Cors({ origin: [APP], credentials: true, exposedHeaders: ['x-total'] })
@Controller('open')
class OpenController {
  @Get(':name') write(@Param('name') name: string, @Res() response: unknown) {
    respond(response, name);
  }
}

@DisableCors()
@Controller('disabled')
class DisabledController {
  @Get(':name') write(@Param('name') name: string, @Res() response: unknown) {
    respond(response, name);
  }
}

@Controller('closed')
class ClosedController {
  @Get(':name') write(@Param('name') name: string, @Res() response: unknown) {
    respond(response, name);
  }
}

@Module({ imports: [CorsModule.forRoot()], controllers: [OpenController, DisabledController, ClosedController] })
class WritingModule {}

/** The lines that have nothing to do with CORS, in a form in which a different order or case does not count. */
function otherLines(response: RawResponse): string[] {
  return response.headerLines
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .filter((line) => !/^(access-control-|vary:|date:)/.test(line))
    .sort();
}

describePlatforms('headers on a response written by hand', (platform) => {
  const server = serve(platform, WritingModule, spy);
  const get = (state: string, name: string, origin?: string) =>
    server.request({ path: `/${state}/${encodeURIComponent(name)}`, headers: { Origin: origin } });

  describe.each(Object.entries(WRITINGS))('%s', (name, writing) => {
    const vary = writing.together ?? (writing.vary === undefined ? 'Origin' : `${writing.vary}, Origin`);

    it('carries our headers and no others on an open route', async () => {
      spy.take();
      const headers: CorsHeaders = {
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'x-total',
        vary,
      };
      expect(corsHeaders(await get('open', name, APP))).toEqual(headers);
      expect(corsHeaders(await get('open', name, EVIL))).toEqual({ vary });
      expect(corsHeaders(await get('open', name))).toEqual({ vary });
      expect(spy.take()).toEqual([name, name, name]);
    });

    it('carries no Access-Control header on a disabled route, and the Vary of others', async () => {
      const own = writing.vary === undefined ? {} : { vary: writing.vary };
      const headers = corsHeaders(await get('disabled', name, APP));
      expect({ ...headers, ...(headers.vary === undefined ? {} : { vary: [headers.vary].flat().join(', ') }) }).toEqual(
        own,
      );
    });

    it('changes nothing else: status, reason, other headers and body are as on a closed route', async () => {
      const closed = await get('closed', name, APP);
      const facts = (response: RawResponse) => ({
        status: response.status,
        reason: response.reason,
        lines: otherLines(response),
        text: response.text,
        complete: response.complete,
        informational: response.informational,
      });
      expect(closed.complete).toBe(true);
      for (const state of ['open', 'disabled']) {
        expect(facts(await get(state, name, APP))).toEqual(facts(closed));
      }
    });
  });

  it('never puts CORS headers on an informational response', async () => {
    const response = await get('open', 'early hints and processing', APP);
    expect(response.informational.map((head) => head.status)).toEqual([103, 102]);
    expect(response.informational.flatMap((head) => Object.keys(corsHeaders(head)))).toEqual([]);
  });

  it('leaves an object that handlers share as it was', () => {
    expect(FROZEN).toEqual({ 'X-A': '1', 'Access-Control-Allow-Origin': '*', Vary: 'Accept' });
  });
});
