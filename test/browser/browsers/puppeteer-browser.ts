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
      // Network monitoring can change behaviour and takes half of the time.
      networkEnabled: false,
      protocolTimeout: 60_000,
      // The suites end every process that they started.
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
        // A browser that hangs ignores this.
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
