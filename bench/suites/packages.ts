import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Build } from '../worker.js';

/** A package as npm installs it. */
export interface Packed {
  readonly bytes: number;
  readonly files: number;
  /** The file that each format loads. */
  entry(format: 'import' | 'require'): string;
}

/** Packs a checkout and unpacks it inside the project's node_modules. Takes seconds. */
export function pack(checkout: string, build: Build): Packed {
  const folder = fileURLToPath(new URL(`../../packages/${build}`, import.meta.url));
  const script = path.join(checkout, 'scripts', 'package', 'pack.mjs');
  const output = execFileSync(process.execPath, [script, folder], { cwd: checkout, encoding: 'utf8' });
  const packed = JSON.parse(output.trim().split('\n').at(-1) ?? '') as {
    readonly folder: string;
    readonly bytes: number;
    readonly files: readonly string[];
  };
  const { exports } = JSON.parse(fs.readFileSync(path.join(packed.folder, 'package.json'), 'utf8'));
  return {
    bytes: packed.bytes,
    files: packed.files.length,
    entry: (format) => path.join(packed.folder, exports['.'][format].default),
  };
}
