import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Answer } from './question.js';

/** The response to a handshake. The text is the first message of the server, or why the connection was closed. */
export function handshakeAnswer({ statusCode = 0, rawHeaders }: IncomingMessage, text: string): Answer {
  const headerLines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] as string] as const] : [],
  );
  return { status: statusCode, headerLines, body: Buffer.from(text), text };
}

/** Opens a WebSocket as a page of an origin, sends a message, and reads the first message of the server. */
export async function exchange(url: string, origin: string, message?: string): Promise<Answer> {
  const socket = new WebSocket(url, { origin });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('unexpected-response', (_request, response) => resolve(handshakeAnswer(response, '')));
      socket.on('upgrade', (response) => {
        socket.on('message', (data) => resolve(handshakeAnswer(response, `${data}`)));
      });
      if (message !== undefined) {
        socket.on('open', () => socket.send(message));
      }
    });
  } finally {
    socket.terminate();
  }
}
