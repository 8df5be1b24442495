import path from 'node:path';
import puppeteer, { type LaunchOptions } from 'puppeteer-core';
import type { Browser } from './browser.js';
import { TemporaryHome } from './programs.js';

/** Launches Chromium or Firefox. */
export async function launchWithPuppeteer(options: LaunchOptions): Promise<Browser> {
  const home = new TemporaryHome();
  try {
    const browser = await puppeteer.launch({
      headless: true,
      acceptInsecureCerts: true,
      env: home.environment,
      userDataDir: path.join(home.folder, 'profile'),
      // Whoever watches the network may change what it does, and spends half of the time.
      networkEnabled: false,
      protocolTimeout: 60_000,
      // The suites end what they started, whatever ends them.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      ...options,
    });
    const page = await browser.newPage();
    return {
      version: await browser.version(),
      visit: async (address) => {
        await page.goto(address);
      },
      evaluate: (script, argument) => page.evaluate(script as never, argument as never) as Promise<never>,
      close: async () => {
        // A browser that hangs does not listen to this either.
        const deadline = setTimeout(() => browser.process()?.kill('SIGKILL'), 5_000);
        await browser.close().catch(() => undefined);
        clearTimeout(deadline);
        home.remove();
      },
    };
  } catch (error) {
    home.remove();
    throw error;
  }
}
