import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { describe, it } from '@jest/globals';

/** A system program that tests need, and its Debian package. */
export interface Program {
  readonly name: string;
  readonly debianPackage: string;
}

export const REDIS: Program = Object.freeze({ name: 'redis-server', debianPackage: 'redis-server' });
export const NGINX: Program = Object.freeze({ name: 'nginx', debianPackage: 'nginx-light' });

/** The path of a program. Servers may be in a folder that only administrators have on their path. */
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
 * A suite that needs a program. Without it the suite is skipped, and its name says what is missing. With
 * NESTJS_CORS_REQUIRE_ALL=1 it fails.
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

/** A server program in the foreground, ended by its process id. */
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
   * Starts a program and waits for its output that says it is ready.
   * @throws Error with all its output, if it ends before
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

  /** Kills it, as a crash would, and waits for its end. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Suspends it with open connections, so that it hangs. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Resumes it. */
  thaw(): void {
    this.#child.kill('SIGCONT');
  }
}
