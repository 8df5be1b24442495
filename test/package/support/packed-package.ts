import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The fields of package.json that these tests read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, { types: string; default: string }>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { optional: boolean }>>;
}

/** The package as npm publishes it, and a separate project that has it installed. */
export interface PackedPackage {
  readonly manifest: Manifest;
  /** Paths of the files in the tarball, relative to {@link folder}, sorted. */
  readonly files: readonly string[];
  /** The root folder of the installed package. */
  readonly folder: string;
  /** A project with the package in its node_modules, and only the dependencies that its manifest declares. */
  readonly consumer: string;
  readonly remove: () => void;
}

/**
 * Builds, packs and installs the package in a temporary folder.
 *
 * @throws Error if the build or the packing fails
 */
export function packAndInstall(): PackedPackage {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'nestjs-cors-package-'));
  const printed = execFileSync(process.execPath, ['scripts/package/pack.mjs', root], { encoding: 'utf8' });
  const packed = JSON.parse(printed) as { folder: string; files: string[] };
  const manifest = JSON.parse(fs.readFileSync(path.join(packed.folder, 'package.json'), 'utf8')) as Manifest;
  const consumer = path.join(root, 'consumer');
  const folder = path.join(consumer, 'node_modules', manifest.name);
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  fs.renameSync(packed.folder, folder);
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const link = path.join(consumer, 'node_modules', name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.resolve('node_modules', name), link, 'dir');
  }
  return {
    manifest,
    files: packed.files,
    folder,
    consumer,
    remove: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

/** The subpaths users import, such as `.` and `./config`. */
export function entryPoints(manifest: Manifest): string[] {
  return Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json');
}

/**
 * Runs a program in the consumer and parses the JSON that it prints.
 *
 * @throws Error with the program's stderr if it fails
 */
export function runInConsumer(packed: PackedPackage, kind: 'commonjs' | 'module', program: string): unknown {
  const printed = execFileSync(process.execPath, [`--input-type=${kind}`, '-e', program], {
    cwd: packed.consumer,
    encoding: 'utf8',
  });
  return JSON.parse(printed);
}
