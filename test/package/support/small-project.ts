import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What a script of this project did when it was run elsewhere. */
export interface ScriptResult {
  readonly code: number | null;
  /** What it printed, by line, blank ones left out. */
  readonly lines: readonly string[];
  /** What it printed as errors. */
  readonly errors: string;
}

/** A project in a temporary folder, set up for tests as this one is, with files of its own. */
export class SmallProject {
  readonly #folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'nestjs-cors-small-'));

  constructor(files: Readonly<Record<string, string>>) {
    fs.symlinkSync(path.resolve('node_modules'), path.join(this.#folder, 'node_modules'), 'dir');
    for (const name of ['jest.config.ts', 'tsconfig.json', 'package.json', 'test/support/property-seed.ts']) {
      fs.mkdirSync(path.dirname(path.join(this.#folder, name)), { recursive: true });
      fs.copyFileSync(name, path.join(this.#folder, name));
    }
    fs.mkdirSync(path.join(this.#folder, 'src'));
    for (const [name, text] of Object.entries(files)) {
      this.write(name, text);
    }
  }

  write(name: string, text: string): void {
    const file = path.join(this.#folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.#folder, name), 'utf8');
  }

  /** Runs one of this project's scripts there. */
  run(script: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): ScriptResult {
    const { NESTJS_CORS_REQUIRE_ALL: _, JEST_WORKER_ID: __, ...inherited } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve(script), ...args], {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { ...inherited, ...environment },
    });
    return { code: status, lines: stdout.split('\n').filter((line) => line.trim() !== ''), errors: stderr };
  }

  remove(): void {
    fs.rmSync(path.join(this.#folder, 'node_modules'), { force: true });
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}
