import { pipeline, type Readable } from 'node:stream';
import zlib from 'node:zlib';
import { headerValue, splitList } from '../../browser/http-response.js';
import type { ArrivedResponse } from './send.js';

/**
 * The body of a response as the script reads it, without content encodings. If the connection breaks off, reading
 * rejects with the error of browsers; if `signal` is aborted, with its reason.
 */
export function responseBody(response: ArrivedResponse, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const body = decoded(response);
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(new Uint8Array(value));
        }
      } catch (cause) {
        controller.error(signal?.aborted ? signal.reason : new TypeError('network error', { cause }));
      }
    },
    cancel() {
      body.destroy();
    },
  });
}

function decoded(response: ArrivedResponse): Readable {
  const encodings = splitList(headerValue(response, 'content-encoding') ?? '');
  return encodings.reduceRight<Readable>((body, encoding) => {
    const decoder = decoderOf(encoding.toLowerCase());
    // An error reaches the decoder, from which the script reads.
    return decoder === undefined ? body : pipeline(body, decoder, () => undefined);
  }, response.message);
}

/** Browsers accept an encoded body that is empty or ends early. */
const LENIENT = { finishFlush: zlib.constants.Z_SYNC_FLUSH };

function decoderOf(encoding: string): zlib.Gunzip | zlib.BrotliDecompress | undefined {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(LENIENT);
    case 'deflate':
      return zlib.createInflate(LENIENT);
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}
