/** A response as it was sent. */
export interface RawResponse {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  /** Every header line of the final head, in order and in its original case. */
  readonly headerLines: readonly (readonly [name: string, value: string])[];
  /** The heads of earlier 1xx responses. */
  readonly informational: readonly InformationalHead[];
  readonly body: Buffer;
  readonly text: string;
  /** Header lines after the last chunk. */
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** Whether the body ended where its framing says, and not because the connection ended. */
  readonly complete: boolean;
}

export interface InformationalHead {
  readonly status: number;
  readonly headerLines: readonly (readonly [name: string, value: string])[];
}

interface Head extends InformationalHead {
  readonly version: string;
  readonly reason: string;
  readonly end: number;
}

const HEAD_END = '\r\n\r\n';

/** All values of a header, in the order of its lines. */
export function headerValues(response: Pick<RawResponse, 'headerLines'>, name: string): string[] {
  return response.headerLines.filter(([line]) => line.toLowerCase() === name).map(([, value]) => value);
}

function parseLines(text: string): (readonly [string, string])[] {
  return text
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      if (colon < 1) {
        throw new Error(`not a header line: ${JSON.stringify(line)}`);
      }
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
}

function parseHead(bytes: Buffer, start: number): Head | undefined {
  const end = bytes.indexOf(HEAD_END, start);
  if (end < 0) {
    return undefined;
  }
  const text = bytes.toString('latin1', start, end);
  const firstBreak = text.indexOf('\r\n');
  const statusLine = firstBreak < 0 ? text : text.slice(0, firstBreak);
  const parts = /^HTTP\/(\d\.\d) (\d{3}) ?(.*)$/.exec(statusLine);
  if (!parts) {
    throw new Error(`not a status line: ${JSON.stringify(statusLine)}`);
  }
  return {
    version: parts[1] as string,
    status: Number(parts[2]),
    reason: parts[3] as string,
    headerLines: firstBreak < 0 ? [] : parseLines(text.slice(firstBreak + 2)),
    end: end + HEAD_END.length,
  };
}

interface Body {
  readonly body: Buffer;
  readonly trailers: readonly (readonly [string, string])[];
  readonly end: number;
  readonly complete: boolean;
}

function parseChunks(bytes: Buffer, start: number, ended: boolean): Body | undefined {
  const chunks: Buffer[] = [];
  let position = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', position, lineEnd), 16);
    const dataEnd = lineEnd + 2 + size;
    if (lineEnd < 0 || dataEnd + 2 > bytes.length) {
      return ended ? { body: Buffer.concat(chunks), trailers: [], end: bytes.length, complete: false } : undefined;
    }
    if (size === 0) {
      const blankLine = bytes.indexOf(HEAD_END, lineEnd);
      if (blankLine < 0) {
        return ended ? { body: Buffer.concat(chunks), trailers: [], end: bytes.length, complete: false } : undefined;
      }
      return {
        body: Buffer.concat(chunks),
        trailers: parseLines(bytes.toString('latin1', lineEnd + 2, blankLine)),
        end: blankLine + HEAD_END.length,
        complete: true,
      };
    }
    chunks.push(bytes.subarray(lineEnd + 2, dataEnd));
    position = dataEnd + 2;
  }
}

function parseBody(bytes: Buffer, head: Head, requestMethod: string, ended: boolean): Body | undefined {
  if (requestMethod === 'HEAD' || head.status === 204 || head.status === 304) {
    return { body: Buffer.alloc(0), trailers: [], end: head.end, complete: true };
  }
  if (headerValues(head, 'transfer-encoding').join(',').toLowerCase().includes('chunked')) {
    return parseChunks(bytes, head.end, ended);
  }
  const length = headerValues(head, 'content-length')[0];
  if (length !== undefined) {
    const end = head.end + Number(length);
    if (end <= bytes.length) {
      return { body: bytes.subarray(head.end, end), trailers: [], end, complete: true };
    }
  }
  return ended
    ? { body: bytes.subarray(head.end), trailers: [], end: bytes.length, complete: length === undefined }
    : undefined;
}

/**
 * Reads one response, and the 1xx heads before it, from the start of `bytes`.
 *
 * @param ended whether the connection has ended, so that no more bytes will come
 * @returns the response and the bytes after it, or `undefined` while bytes are missing
 */
export function parseResponse(
  bytes: Buffer,
  requestMethod: string,
  ended: boolean,
): { response: RawResponse; rest: Buffer } | undefined {
  const informational: InformationalHead[] = [];
  let head = parseHead(bytes, 0);
  while (head && head.status < 200) {
    informational.push({ status: head.status, headerLines: head.headerLines });
    head = parseHead(bytes, head.end);
  }
  const body = head && parseBody(bytes, head, requestMethod, ended);
  if (!head || !body) {
    return undefined;
  }
  return {
    rest: bytes.subarray(body.end),
    response: {
      status: head.status,
      reason: head.reason,
      version: head.version,
      headerLines: head.headerLines,
      informational,
      body: body.body,
      text: body.body.toString('utf8'),
      trailers: body.trailers,
      complete: body.complete,
    },
  };
}
