import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import puppeteer, { type LaunchOptions, type Page } from 'puppeteer-core';
import type { Browser } from './browser.js';
import { TemporaryHome } from './programs.js';

/** Starts to collect the failures that a browser reports. */
export type WatchReports = (page: Page) => Promise<NonNullable<Browser['takeReports']>>;

/**
 * Launches Chromium or Firefox.
 * @param preferences of the profile, for Chromium
 */
export async function launchWithPuppeteer(
  options: LaunchOptions,
  watchReports: WatchReports,
  preferences: object = {},
): Promise<Browser> {
  const home = new TemporaryHome();
  try {
    const profile = path.join(home.folder, 'profile');
    mkdirSync(path.join(profile, 'Default'), { recursive: true });
    writeFileSync(path.join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    const browser = await puppeteer.launch({
      headless: true,
      acceptInsecureCerts: true,
      env: home.environment,
      userDataDir: profile,
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
    const takeReports = await watchReports(page);
    return {
      takeReports,
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
