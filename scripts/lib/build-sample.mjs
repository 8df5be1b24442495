import { runCommand } from './run-command.mjs';

/**
 * Builds the package and then the sample, which imports it by its name. Says nothing unless something fails.
 *
 * @returns {Promise<boolean>} whether both were built
 */
export async function buildSample() {
  const steps = [['scripts/build.mjs'], ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'sample']];
  for (const args of steps) {
    const { code, output } = await runCommand(process.execPath, args, { quiet: true });
    if (code !== 0) {
      process.stderr.write(output);
      return false;
    }
  }
  return true;
}
