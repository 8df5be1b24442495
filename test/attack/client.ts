import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import http2 from 'node:http2';
import type { CorsDecisionMessage } from 'nestjs-cors';
import { RawConnection } from '../support/requests/raw-request.js';
import { REQUEST_NUMBER, type Runs } from './application/runs.js';
import type { Transport } from './plan.js';

/** The part of a response that the attack checks. */
export interface Reply {
  readonly status: number;
  /** Every header line, with lower-case names. */
  readonly lines: readonly (readonly [name: string, value: string])[];
  /** The handler that the request reached, even if its guard refused it. */
  readonly reached: string | undefined;
  /** The handlers that ran for the request. */
  readonly ran: readonly string[];
  /** What the module published while the request was handled. */
  readonly messages: readonly CorsDecisionMessage[];
}

export interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport?: Transport;
}

const CHANNEL = 'nestjs-cors:decision';
/** Milliseconds after which a request counts as hanging. */
const PATIENCE = 10_000;

/** Sends numbered requests to one application. */
export class Client {
  #number = 0;
  #connection: RawConnection | undefined;
  #session: http2.ClientHttp2Session | undefined;
  /** The number of sent requests. */
  sent = 0;
  readonly #port: number;
  readonly #isHttp2: boolean;
  readonly #runs: Runs;

  constructor(port: number, isHttp2: boolean, runs: Runs) {
    this.#port = port;
    this.#isHttp2 = isHttp2;
    this.#runs = runs;
  }

  /** @throws Error if the connection ends or times out before the response is complete */
  async send({ method, target, headers, transport = 'kept alive' }: Sent): Promise<Reply> {
    const number = String(++this.#number);
    this.sent++;
    const numbered = { ...headers, [REQUEST_NUMBER]: number };
    const messages: CorsDecisionMessage[] = [];
    const add = (message: unknown) => messages.push(message as CorsDecisionMessage);
    subscribe(CHANNEL, add);
    try {
      const { status, lines } = await patiently(
        this.#isHttp2
          ? this.#overHttp2(method, target, numbered)
          : this.#overHttp1(method, target, numbered, transport === 'pipelined'),
      );
      return { status, lines, messages, ...this.#runs.take(number) };
    } finally {
      unsubscribe(CHANNEL, add);
    }
  }

  /**
   * Sends a request and disconnects before the response.
   * @returns the handlers that ran for it by the time the application has answered another request
   */
  async abort({ method, target, headers }: Sent): Promise<readonly string[]> {
    const number = String(++this.#number);
    this.sent++;
    const connection = await RawConnection.open({ port: this.#port });
    connection.send({ method, path: target, headers: { ...headers, [REQUEST_NUMBER]: number } });
    await new Promise((resolve) => setImmediate(resolve));
    connection.close();
    await this.send({ method: 'GET', target: '/', headers: {} });
    return this.#runs.take(number).ran;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#session?.destroy();
    this.#session = undefined;
  }

  async #overHttp1(method: string, path: string, headers: Record<string, string>, pipelined: boolean) {
    this.#connection ??= await RawConnection.open({ port: this.#port });
    const connection = this.#connection;
    try {
      if (pipelined) {
        this.sent++;
        connection.send({ method: 'GET', path: '/', headers: { Origin: 'https://before.test' } });
      }
      connection.send({ method, path, headers });
      if (pipelined) {
        await connection.receive();
      }
      const { status, headerLines } = await connection.receive();
      const lines = headerLines.map(([name, value]) => [name.toLowerCase(), value] as const);
      if (lines.some(([name, value]) => name === 'connection' && value.toLowerCase() === 'close')) {
        this.close();
      }
      return { status, lines };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #overHttp2(method: string, path: string, headers: Record<string, string>): Promise<Pick<Reply, 'status' | 'lines'>> {
    this.#session ??= http2.connect(`http://127.0.0.1:${this.#port}`);
    const session = this.#session;
    const { Host, ...others } = headers;
    const authority = Host === undefined ? {} : { ':authority': Host };
    return new Promise((resolve, reject) => {
      const stream = session.request({ ...others, ...authority, ':method': method, ':path': path });
      let reply: Pick<Reply, 'status' | 'lines'> | undefined;
      stream.on('response', (head) => {
        const lines = Object.entries(head).flatMap(([name, value]) =>
          [value ?? []].flat().map((one) => [name, String(one)] as const),
        );
        reply = { status: Number(head[':status']), lines };
      });
      stream.on('error', reject);
      stream.on('close', () => (reply === undefined ? reject(new Error('The stream ended.')) : resolve(reply)));
      stream.resume();
      stream.end();
    });
  }
}

async function patiently<Result>(work: Promise<Result>): Promise<Result> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error(`There was no answer within ${PATIENCE / 1000} s.`)), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(deadline);
  }
}
