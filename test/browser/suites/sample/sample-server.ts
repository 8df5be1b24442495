import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../support/free-port.js';
import type { PlatformName } from '../../fixtures/fixture-app.js';

export const SAMPLE_PAGES = Object.freeze(['app', 'partner', 'evil', 'shop'] as const);

export interface SampleServer {
  readonly platform: PlatformName;
  readonly addresses: Readonly<Record<(typeof SAMPLE_PAGES)[number], string>>;
}

/** Another program may take a free port before the sample listens on it. */
const ATTEMPTS = 3;
const SCRIPT = fileURLToPath(new URL('./serve-sample.mjs', import.meta.url));

/**
 * @param closers receives a function that ends the sample's process as soon as it runs
 * @throws {Error} with the output of the sample if it does not start
 */
export async function startSample(platform: PlatformName, closers: (() => unknown)[]): Promise<SampleServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(platform, closers);
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes('is used by another program')) {
        throw error;
      }
    }
  }
}

async function startOnce(platform: PlatformName, closers: (() => unknown)[]): Promise<SampleServer> {
  const pagePort = await freePort();
  const apiPort = await freePort();
  const child = spawn(process.execPath, ['--no-warnings', SCRIPT, platform], {
    // The process ends when its stdin closes, that is, when this process ends.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      API_PORT: String(apiPort),
      PAGE_PORT: String(pagePort),
      APP_ORIGIN: `http://app.localhost:${pagePort}`,
      PARTNER_ORIGIN: `http://partner.localhost:${pagePort}`,
    },
  });
  const exited = once(child, 'exit');
  closers.push(() => {
    child.kill('SIGTERM');
    return exited;
  });
  const printed: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString('utf8')));
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('{')) {
      child.stdout.resume();
      return { platform, addresses: JSON.parse(line) };
    }
    printed.push(`${line}\n`);
  }
  throw new Error(`The sample did not start on ${platform}:\n${printed.join('')}`);
}
