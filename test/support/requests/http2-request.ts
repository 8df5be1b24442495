import http2 from 'node:http2';
import type { CorsHeaders } from '../cors-headers.js';
import { pickCorsHeaders } from '../cors-headers.js';

export interface Http2Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Http2Response {
  readonly status: number;
  readonly headers: CorsHeaders;
  readonly body: string;
}

/** One request over HTTP/2, on a session of its own; rejects when the stream or the session fails. */
export async function http2Request(authority: string, request: Http2Request): Promise<Http2Response> {
  const session = http2.connect(authority, { rejectUnauthorized: false });
  try {
    return await new Promise<Http2Response>((resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({
        ...request.headers,
        ':method': request.method ?? 'GET',
        ':path': request.path,
      });
      let status = 0;
      let headers: CorsHeaders = {};
      let body = '';
      stream.setTimeout(25_000, () => stream.close(http2.constants.NGHTTP2_CANCEL));
      stream.on('error', reject);
      stream.on('response', (head) => {
        status = Number(head[':status']);
        const lines = Object.entries(head).flatMap(([name, value]) =>
          [value ?? []].flat().map((one) => [name, String(one)] as const),
        );
        headers = pickCorsHeaders(lines);
      });
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        body += chunk;
      });
      stream.on('close', () => resolve({ status, headers, body }));
      stream.end();
    });
  } finally {
    session.destroy();
  }
}
