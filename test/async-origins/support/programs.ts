import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { describe, it } from '@jest/globals';

/** A program of the system that tests talk to, and the Debian package it comes in. */
export interface Program {
  readonly name: string;
  readonly debianPackage: string;
}

export const REDIS: Program = Object.freeze({ name: 'redis-server', debianPackage: 'redis-server' });
export const NGINX: Program = Object.freeze({ name: 'nginx', debianPackage: 'nginx-light' });

/** Where a program is; servers may lie in a folder that is on the path of administrators only. */
function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin'].filter((folder) => folder !== '');
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * A suite that needs a program. Where it is missing the suite counts as skipped, under a name that says what is missing;
 * with NESTJS_CORS_REQUIRE_ALL=1 it fails.
 */
export function describeWith(program: Program, title: string, suite: (file: string) => void): void {
  const file = findProgram(program.name);
  describe(title, () => {
    if (file !== undefined) {
      suite(file);
      return;
    }
    const missing = `${program.name} is missing (Debian: apt-get install ${program.debianPackage})`;
    if (process.env.NESTJS_CORS_REQUIRE_ALL === '1') {
      it('has what it needs', () => {
        throw new Error(missing);
      });
    } else {
      it.skip(`did not run: ${missing}`, () => {});
    }
  });
}

/** A server program in the foreground. It is ended by its process id, never by a name. */
export class ServerProcess {
  readonly #ended: Promise<void>;
  #output = '';
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString('utf8');
      });
    }
  }

  /**
   * Starts a program and waits until it says that it is ready.
   * @throws Error with all that it said, if it ends before
   */
  static async start(file: string, parameters: readonly string[], ready: RegExp): Promise<ServerProcess> {
    const child = spawn(file, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new ServerProcess(child);
    await new Promise<void>((resolve, reject) => {
      const look = () => ready.test(server.#output) && resolve();
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('error', reject);
      child.once('close', () => reject(new Error(`${file} ended: ${server.#output}`)));
    });
    return server;
  }

  /** Kills it without warning, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Stops it from running, with its connections left open: it hangs. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Lets it run again. */
  thaw(): void {
    this.#child.kill('SIGCONT');
  }
}
