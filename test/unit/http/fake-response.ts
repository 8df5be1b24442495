import type { IncomingMessage } from 'node:http';
import { ServerResponse } from 'node:http';

/** Node's own response, which stores its head as text instead of sending it. */
export function nodeResponse(): ServerResponse & { readonly sent: () => string[] } {
  const response = new ServerResponse({ method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 } as IncomingMessage);
  response.sendDate = false;
  return Object.assign(response, {
    sent: () => {
      const head = (response as unknown as { _header: string | null })._header ?? '';
      return head
        .split('\r\n')
        .filter((line) => line !== '' && !/^(Connection|Keep-Alive|Transfer-Encoding)/.test(line));
    },
  });
}
