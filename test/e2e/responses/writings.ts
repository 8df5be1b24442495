import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { APP } from '../../support/policy-statement.js';

/** Headers that a handler sets against the policy. None may reach a client on an open or disabled route. */
export const FOREIGN = {
  'Access-Control-Allow-Origin': 'https://foreign.example',
  'access-control-allow-methods': 'PURGE',
  'ACCESS-CONTROL-EXPOSE-HEADERS': 'x-foreign',
};
export const FROZEN = Object.freeze({ 'X-A': '1', 'Access-Control-Allow-Origin': '*', Vary: 'Accept' });

export interface Writing {
  readonly write: (response: ServerResponse) => unknown;
  /** The Vary that the handler sets, in one line. */
  readonly vary?: string;
  /** The Vary on an open route. @default the handler's Vary with Origin added */
  readonly together?: string | string[];
  /** Whether Node itself fails if any header is already set, for example Express's `X-Powered-By`. */
  readonly failsAfterSetHeader?: boolean;
}

/** Every way in Node to write a response head, most with headers that must not reach the client. */
export const WRITINGS: Readonly<Record<string, Writing>> = {
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
    write: (response) => {
      response.appendHeader('Access-Control-Allow-Origin', APP);
      response.appendHeader('Vary', 'Accept');
      response.end('x');
    },
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
    failsAfterSetHeader: true,
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
