import { spawn } from 'node:child_process';
import http from 'node:http';
import { difference, EXCHANGES } from './requests.mjs';

const BOOT_MILLISECONDS = 60_000;

/**
 * Boots a built consumer, sends the requests of {@link EXCHANGES}, and ends it.
 *
 * @param {{ node: string, main: string, folder: string }} consumer `node` is the program
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function bootAndAsk({ node, main, folder }) {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
  const child = spawn(node, [main], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const port = await new Promise((resolve, reject) => {
      const read = (chunk) => {
        output += chunk;
        const listening = /^listening on (\d+)$/m.exec(output);
        if (listening !== null) {
          resolve(Number(listening[1]));
        }
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('close', (code) => reject(new Error(`ended with code ${code} before it listened`)));
      setTimeout(() => reject(new Error('did not listen in time')), BOOT_MILLISECONDS).unref();
    });
    const differences = [];
    for (const exchange of EXCHANGES) {
      const found = difference(exchange, await ask(port, exchange.request));
      if (found !== undefined) {
        differences.push(found);
      }
    }
    // A consumer must not print warnings.
    if (/deprecat|\bExperimentalWarning\b/i.test(output)) {
      differences.push('it prints warnings');
    }
    return { code: differences.length === 0 ? 0 : 1, output: [output, ...differences].join('\n') };
  } catch (error) {
    return { code: 1, output: `${output}\n${error.message}` };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

function ask(port, { method, path, headers }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers }));
      response.once('error', reject);
    });
    request.setTimeout(10_000, () => request.destroy(new Error(`no answer to ${method} ${path}`)));
    request.once('error', reject);
    request.end();
  });
}
