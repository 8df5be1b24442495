import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../support/free-port.js';
import type { Browser, BrowserKind } from './browser.js';
import { findProgram, TemporaryHome } from './programs.js';

/** WebKitGTK, controlled by plain WebDriver. It has no headless mode, so it needs a virtual display. */
export const webkit: BrowserKind = {
  name: 'webkit',
  remedy: 'apt-get install webkit2gtk-driver xvfb',
  // It uses the system's resolver, which resolves only names below `localhost`.
  domains: ['localhost'],
  find() {
    const driver = findProgram('WebKitWebDriver');
    const display = findProgram('Xvfb');
    return driver === undefined || display === undefined ? undefined : [driver, display];
  },
  async launch([driver = '', display = '']) {
    const home = new TemporaryHome();
    const processes: ChildProcess[] = [];
    let session: WebDriverSession | undefined;
    const close = async () => {
      // The driver ends its browser when the session ends.
      await session?.send('DELETE', '').catch(() => undefined);
      for (const child of processes.reverse()) {
        await end(child);
      }
      home.remove();
    };
    try {
      const screen = spawn(display, ['-displayfd', '3', '-screen', '0', '800x600x24', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      });
      processes.push(screen);
      const number = await firstLine(screen.stdio[3] as Readable);
      const port = await freePort();
      processes.push(
        spawn(driver, ['--host=127.0.0.1', `--port=${port}`], {
          stdio: 'ignore',
          env: {
            ...home.environment,
            DISPLAY: `:${number}`,
            NO_AT_BRIDGE: '1',
            LIBGL_ALWAYS_SOFTWARE: '1',
            WEBKIT_DISABLE_COMPOSITING_MODE: '1',
          },
        }),
      );
      session = await WebDriverSession.create(`http://127.0.0.1:${port}`);
      return { ...drive(session), close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

function drive(session: WebDriverSession): Omit<Browser, 'close'> {
  return {
    version: `WebKitGTK ${session.version}`,
    visit: async (address) => {
      await session.send('POST', '/url', { url: address });
    },
    evaluate: async (script, argument) => {
      const answer = (await session.send('POST', '/execute/async', {
        script: `const [argument, done] = arguments;
          (${script})(argument).then((result) => done({ result }), (error) => done({ error: String(error) }));`,
        args: [argument],
      })) as { result: never; error?: string };
      if (answer.error !== undefined) {
        throw new Error(answer.error);
      }
      return answer.result;
    },
  };
}

class WebDriverSession {
  readonly #address: string;
  readonly version: string;

  constructor(address: string, version: string) {
    this.#address = address;
    this.version = version;
  }

  /** Repeats the request until the driver listens. */
  static async create(driver: string): Promise<WebDriverSession> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await call(`${driver}/status`, 'GET');
        break;
      } catch (error) {
        if (attempt === 100) {
          throw error;
        }
        await wait(100);
      }
    }
    const { sessionId, capabilities } = (await call(`${driver}/session`, 'POST', {
      capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
    })) as { sessionId: string; capabilities: { browserVersion: string } };
    const session = new WebDriverSession(`${driver}/session/${sessionId}`, capabilities.browserVersion);
    await session.send('POST', '/timeouts', { script: 60_000, pageLoad: 20_000 });
    return session;
  }

  send(method: string, path: string, body?: unknown): Promise<unknown> {
    return call(this.#address + path, method, body);
  }
}

async function call(address: string, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(address, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(90_000),
  });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
  if (value?.error !== undefined) {
    throw new Error(`${value.error}: ${value.message}`);
  }
  return value;
}

async function firstLine(stream: Readable): Promise<string> {
  const [chunk] = (await once(stream, 'data', { signal: AbortSignal.timeout(60_000) })) as [Buffer];
  return chunk.toString('utf8').trim();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(deadline);
}
