import { hostNames } from '../servers/places.js';
import type { BrowserKind } from './browser.js';
import { findProgram } from './programs.js';
import { launchWithPuppeteer } from './puppeteer-browser.js';

export const firefox: BrowserKind = {
  name: 'firefox',
  remedy: 'apt-get install firefox-esr',
  domains: ['localhost', 'test'],
  find() {
    const program = findProgram('firefox-esr', 'firefox');
    return program === undefined ? undefined : [program];
  },
  launch: ([program]) =>
    launchWithPuppeteer({
      browser: 'firefox',
      executablePath: program,
      extraPrefsFirefox: {
        // Firefox would fetch its settings from the last one.
        'network.dns.localDomains': [...hostNames('test'), 'firefox.settings.services.mozilla.com'].join(),
        'network.captive-portal-service.enabled': false,
        'network.connectivity-service.enabled': false,
        'app.normandy.enabled': false,
      },
    }),
};
