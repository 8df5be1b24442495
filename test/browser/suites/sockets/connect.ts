/** The ways in which a page connects, or reads what the server answers to one of them. */
export type Way =
  /** The browser's own `WebSocket`. */
  | 'WebSocket'
  /** The client of socket.io. */
  | 'polling'
  | 'websocket'
  /** A namespace whose gateway has `@DisableCors()`. */
  | 'internal namespace'
  /** `fetch` of what polling answers. */
  | 'fetch'
  /** A `<script>` that polls by JSONP. */
  | 'JSONP';

/** The client of socket.io, which a script of the page defines. */
declare const io: (
  address: string,
  options: object,
) => {
  on(event: string, listener: (value: never) => void): void;
  emit(event: string, data: object): void;
  close(): void;
};

/**
 * Connects in several ways, one after the other: `connected`, or how it failed. Sent to the page as source text, so it
 * must contain everything that it uses.
 */
export async function connectAll({ host, ways }: { host: string; ways: readonly Way[] }): Promise<string[]> {
  const withClient = (transport: string, namespace = '') =>
    new Promise<string>((resolve) => {
      const options = { transports: [transport], forceNew: true, reconnection: false, withCredentials: true };
      const socket = io(`https://${host}${namespace}`, options);
      const end = (result: string) => {
        socket.close();
        resolve(result);
      };
      socket.on('connect_error', (error: Error) => end(error.message));
      socket.on('pong', () => end('connected'));
      socket.emit('ping', {});
    });
  const polling = `https://${host}/socket.io/?EIO=4&transport=polling`;
  const makers: Readonly<Record<Way, () => Promise<string>>> = {
    WebSocket: () =>
      new Promise((resolve) => {
        const socket = new WebSocket(`wss://${host}`);
        socket.onopen = () => socket.send(JSON.stringify({ event: 'ping', data: {} }));
        socket.onerror = () => resolve('refused');
        socket.onmessage = () => {
          socket.close();
          resolve('connected');
        };
      }),
    polling: () => withClient('polling'),
    websocket: () => withClient('websocket'),
    'internal namespace': () => withClient('websocket', '/internal'),
    fetch: () =>
      fetch(polling, { credentials: 'include' }).then(
        ({ status }) => (status === 200 ? 'connected' : `${status}`),
        () => 'refused',
      ),
    JSONP: () =>
      new Promise((resolve) => {
        const script = document.createElement('script');
        Object.assign(globalThis, { ___eio: [() => resolve('connected')] });
        script.onerror = () => resolve('refused');
        script.src = `${polling}&j=0`;
        document.body.append(script);
      }),
  };
  const results: string[] = [];
  for (const way of ways) {
    results.push(await makers[way]());
  }
  return results;
}
