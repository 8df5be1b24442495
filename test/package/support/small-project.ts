import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The result of one of this project's scripts in another project. */
export interface ScriptResult {
  readonly code: number | null;
  /** The lines of its output, without blank ones. */
  readonly lines: readonly string[];
  /** Its error output. */
  readonly errors: string;
}

/** The configuration of Jest, and what it loads. */
const COPIED = Object.freeze([
  'jest.config.ts',
  'tsconfig.json',
  'package.json',
  'test/support/property-seed.ts',
  'test/support/chosen-seed.ts',
]);

/** A project in a temporary folder with its own files and the test setup of this project. */
export class SmallProject {
  readonly #folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'nestjs-cors-small-'));

  constructor(files: Readonly<Record<string, string>>) {
    fs.symlinkSync(path.resolve('node_modules'), path.join(this.#folder, 'node_modules'), 'dir');
    for (const name of COPIED) {
      fs.mkdirSync(path.dirname(path.join(this.#folder, name)), { recursive: true });
      fs.copyFileSync(name, path.join(this.#folder, name));
    }
    // Jest refuses roots that do not exist.
    for (const root of ['src', 'sample']) {
      fs.mkdirSync(path.join(this.#folder, root));
    }
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

  /** Runs one of this project's scripts in that project. */
  run(script: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): ScriptResult {
    // Jest gives its workers a FORCE_COLOR where it writes colours itself.
    const { NESTJS_CORS_REQUIRE_ALL: _, JEST_WORKER_ID: __, FORCE_COLOR: ___, ...inherited } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve(script), ...args], {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { ...inherited, NO_COLOR: '1', ...environment },
    });
    return { code: status, lines: stdout.split('\n').filter((line) => line.trim() !== ''), errors: stderr };
  }

  remove(): void {
    fs.rmSync(path.join(this.#folder, 'node_modules'), { force: true });
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}
