import http from 'node:http';
import https from 'node:https';
import type { HeaderLine, HttpResponse } from '../../browser/http-response.js';
import type { WireHeader } from '../page-exchange.js';

/** Where a connection goes. */
export interface Destination {
  readonly secure: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
  /** The name that TLS sends. */
  readonly servername?: string;
  /** The requests with a response whose connections are open. */
  readonly requests?: Set<http.ClientRequest> | undefined;
}

export interface SentMessage {
  readonly method: string;
  /** The path with its query. */
  readonly target: string;
  /** Every header, in order. */
  readonly headers: readonly WireHeader[];
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A response whose head arrived. */
export interface ArrivedResponse extends HttpResponse {
  readonly statusText: string;
  readonly message: http.IncomingMessage;
}

/**
 * Sends one request over a connection of its own.
 * @throws the error of the connection, and the reason of the signal
 */
export function send(
  to: Destination,
  { method, target, headers, body, signal }: SentMessage,
): Promise<ArrivedResponse> {
  return new Promise((resolve, reject) => {
    const { secure, servername, requests, ...address } = to;
    const options: https.RequestOptions = {
      ...address,
      method: method === 'HEAD' ? method : 'GET',
      agent: false,
      // Certificates of tests are self-signed, and the server is this machine.
      ...(secure && { rejectUnauthorized: false, servername, ALPNProtocols: ['http/1.1'] }),
      ...(signal && { signal }),
    };
    const request = (secure ? https : http).request(options);
    // Node would write the method in upper case, and add a Transfer-Encoding to some requests without a body.
    Reflect.set(request, '_header', headText(method, target, headers));
    request.on('close', () => {
      requests?.delete(request);
      // For example after `101 Switching Protocols`.
      reject(new Error('The connection was closed without a response.'));
    });
    request.on('error', (error) => reject(signal?.aborted ? signal.reason : explained(error)));
    request.on('response', (message) => {
      requests?.add(request);
      resolve({
        status: message.statusCode as number,
        statusText: message.statusMessage ?? '',
        headers: headerLinesOf(message.rawHeaders),
        message,
      });
    });
    request.end(body);
  });
}

/** HTTP/2 is the usual reason for two errors that do not mention it. */
function explained(error: NodeJS.ErrnoException): Error {
  const isOther = error.code === 'HPE_INVALID_CONSTANT' || error.message.includes('alert no application protocol');
  return isOther
    ? new Error('The server does not speak HTTP/1.1. If it speaks HTTP/2 over TLS, set `allowHTTP1: true`.', {
        cause: error,
      })
    : error;
}

function headText(method: string, target: string, headers: readonly WireHeader[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Reads nothing more of a response, and ends its connection. */
export function discard({ message }: ArrivedResponse): void {
  message.on('error', () => undefined);
  message.destroy();
}

function headerLinesOf(raw: readonly string[]): HeaderLine[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [{ name, value: raw[index + 1] as string }] : []));
}
