import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The path of the first installed program. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    for (const folder of folders) {
      const program = path.join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        return program;
      } catch {
        // It is not in this folder.
      }
    }
  }
  return undefined;
}

/** A separate home folder for a browser, so that it does not read the user's settings and leaves no files. */
export class TemporaryHome {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-browser-'));

  get environment(): Record<string, string | undefined> {
    const { folder } = this;
    return {
      ...process.env,
      HOME: folder,
      TMPDIR: folder,
      XDG_CACHE_HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
    };
  }

  remove(): void {
    // A browser's last process may still write while it ends.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
