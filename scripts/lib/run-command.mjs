import { spawn } from 'node:child_process';

/**
 * Runs a program, passes its output on, and returns that output too.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, minutes?: number, quiet?: boolean }} [options] `minutes` (default
 * 10) is the timeout, after which the program is ended; `quiet` does not pass the output on.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} Never rejects. The code is not 0 for a
 * program that cannot start, is ended by a signal, or reaches its timeout.
 */
export function runCommand(program, args, { cwd, env, minutes = 10, quiet = false } = {}) {
  return new Promise((resolve) => {
    const chunks = [];
    let timedOut = false;
    const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const timeout = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, minutes * 60_000);
    const keep = (stream) => (chunk) => {
      chunks.push(chunk);
      if (!quiet) {
        stream.write(chunk);
      }
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    const finish = (code, note = '') => {
      clearTimeout(timeout);
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') + note, timedOut });
    };
    child.on('error', (error) => finish(127, `\n${program}: ${error.message}\n`));
    child.on('close', (code) => finish(timedOut ? 124 : (code ?? 1)));
  });
}
