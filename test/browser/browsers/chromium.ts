import type { BrowserKind } from './browser.js';
import { findProgram } from './programs.js';
import { launchWithPuppeteer } from './puppeteer-browser.js';

export const chromium: BrowserKind = {
  name: 'chromium',
  remedy: 'apt-get install chromium',
  domains: ['localhost', 'test'],
  find() {
    const program = findProgram('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome');
    return program === undefined ? undefined : [program];
  },
  launch: ([program]) =>
    launchWithPuppeteer({
      browser: 'chrome',
      executablePath: program,
      args: [
        // The suites only open their own pages, and containers often cannot run the sandbox.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--host-resolver-rules=MAP * 127.0.0.1',
      ],
    }),
};
