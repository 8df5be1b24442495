import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import KeyvRedis, { type RedisClientOptions } from '@keyv/redis';
import { Keyv } from 'keyv';
import { ServerProcess } from './programs.js';

/** A Redis on a Unix socket: no port that another process could take, and no file after the test. */
export class Redis {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-redis-'));
  readonly #clients = new Set<Keyv>();
  #process: ServerProcess | undefined;
  readonly #file: string;

  /** @param file the path of `redis-server` */
  constructor(file: string) {
    this.#file = file;
  }

  get socket(): string {
    return path.join(this.#folder, 'redis.sock');
  }

  /** Starts it, empty, on the same socket. */
  async start(): Promise<void> {
    const nothingOnDisk = ['--save', '', '--appendonly', 'no', '--dir', this.#folder];
    const parameters = ['--port', '0', '--unixsocket', this.socket, '--daemonize', 'no', ...nothingOnDisk];
    this.#process = await ServerProcess.start(this.#file, parameters, /ready to accept connections/i);
  }

  /** A Keyv as an application would create it. */
  keyv(): Keyv {
    // A short pause, so that no client still waits to reconnect after the test.
    const reconnectStrategy = () => 50;
    const options: RedisClientOptions = { socket: { path: this.socket, tls: false, reconnectStrategy } };
    const keyv = new Keyv(new KeyvRedis(options));
    // An application would log it. Keyv finds nothing and goes on.
    keyv.on('error', () => {});
    this.#clients.add(keyv);
    return keyv;
  }

  /** The remaining time to live of a key of a Keyv, in milliseconds. */
  async timeToLive(key: string): Promise<number> {
    const client = await (this.keyv().store as KeyvRedis<unknown>).getClient();
    const keys: string[] = await client.keys('*');
    const stored = keys.filter((one) => one.endsWith(key));
    if (stored.length !== 1) {
      throw new Error(`${key} is stored ${stored.length} times among ${keys.join(', ')}`);
    }
    return client.pTTL(stored[0] as string);
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  freeze(): void {
    this.#process?.freeze();
  }

  thaw(): void {
    this.#process?.thaw();
  }

  /** Ends its clients and the process. */
  async remove(): Promise<void> {
    this.thaw();
    for (const keyv of this.#clients) {
      await (keyv.store as KeyvRedis<unknown>).disconnect(true).catch(() => {});
    }
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
