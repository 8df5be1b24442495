import inspector from 'node:inspector';

/** The share of a request's time for each owner of code. */
export type Shares = Readonly<Record<string, number>>;

/** Microseconds between two samples. */
const INTERVAL = 200;

/** The file paths of each group. The first match counts. */
const GROUPS: readonly (readonly [group: string, place: RegExp])[] = [
  ['nestjs-cors', /\/nestjs-cors-bench\/\d+\/src\//],
  ['benchmark', /\/nestjs-cors-bench\/\d+\/bench\//],
  ['cors packages', /\/node_modules\/(?:cors|vary|object-assign|@fastify\/cors)\//],
  ['Nest', /\/node_modules\/(?:@nestjs|rxjs|reflect-metadata)\//],
  ['platform', /\/node_modules\//],
  ['Node', /^node:/],
];
/** Functions without a file. Kernel time of a request is in the writes. */
const NATIVE: Readonly<Record<string, string>> = Object.freeze({
  '(garbage collector)': 'garbage collection',
  writev: 'writing to the socket',
  writeLatin1String: 'writing to the socket',
  writeUtf8String: 'writing to the socket',
  writeBuffer: 'writing to the socket',
});

/** Samples this process between `start` and `stop`. */
export class Profiler {
  readonly #session = new inspector.Session();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#post('Profiler.enable');
    await this.#post('Profiler.setSamplingInterval', { interval: INTERVAL });
    await this.#post('Profiler.start');
  }

  async stop(): Promise<inspector.Profiler.Profile> {
    const { profile } = (await this.#post('Profiler.stop')) as { readonly profile: inspector.Profiler.Profile };
    this.#session.disconnect();
    return profile;
  }

  #post(method: string, values: object = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, values, (error: Error | null, result?: object) =>
        error === null ? resolve(result) : reject(error),
      );
    });
  }
}

export function sharesOf({ nodes, samples = [] }: inspector.Profiler.Profile): Shares {
  const groups = new Map(nodes.map(({ id, callFrame }) => [id, groupOf(callFrame.functionName, callFrame.url)]));
  const counts: Record<string, number> = {};
  let busy = 0;
  for (const id of samples) {
    const group = groups.get(id);
    if (group !== undefined) {
      counts[group] = (counts[group] ?? 0) + 1;
      busy++;
    }
  }
  return Object.fromEntries(Object.entries(counts).map(([group, count]) => [group, count / busy]));
}

/** @returns `undefined` for an idle process */
function groupOf(name: string, url: string): string | undefined {
  if (name === '(idle)') {
    return undefined;
  }
  const native = url === '' ? NATIVE[name] : undefined;
  return native ?? GROUPS.find(([, place]) => place.test(url))?.[0] ?? 'the rest of the process';
}
