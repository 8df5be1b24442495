import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';

/** A request as the server received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  /** In the order and spelling of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export type Answer = (response: http.ServerResponse, request: ReceivedRequest) => void;

/** A server for responses that no Nest application gives. */
export interface ScriptedServer {
  readonly port: number;
  /** Sets the answer to all requests from now on. */
  answer(answer: Answer): void;
  /** What arrived since the last call. */
  received(): readonly ReceivedRequest[];
}

/** Allows every page everything, without credentials. */
export const ALLOWED: Readonly<Record<string, string>> = Object.freeze({
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': '*',
});

/** Starts the server before the tests of the current `describe`, and closes it after them. */
export function scriptedServer(): ScriptedServer {
  let current: Answer = (response) => response.end();
  let received: ReceivedRequest[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request;
      const headers = rawHeaders.flatMap((name, index): [string, string][] =>
        index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
      );
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') };
      received.push(one);
      current(response, one);
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return {
    get port() {
      return (server.address() as AddressInfo).port;
    },
    answer(answer) {
      current = answer;
    },
    received() {
      const all = received;
      received = [];
      return all;
    },
  };
}
