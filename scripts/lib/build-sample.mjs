import fs from 'node:fs';
import { runCommand } from './run-command.mjs';

/**
 * Builds the package and then the sample, which imports it by its name. Prints nothing unless something fails.
 *
 * @returns {Promise<boolean>} whether both were built
 */
export async function buildSample() {
  fs.rmSync('dist-sample', { recursive: true, force: true });
  const steps = [['scripts/build.mjs'], ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.sample.json']];
  for (const args of steps) {
    const { code, output } = await runCommand(process.execPath, args, { quiet: true });
    if (code !== 0) {
      process.stderr.write(output);
      return false;
    }
  }
  return true;
}
