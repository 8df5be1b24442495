import type { Page } from 'puppeteer-core';
import { hostNames } from '../servers/places.js';
import { simulationHostNames } from '../suites/simulation/places.js';
import type { BrowserKind, ReportedFailure } from './browser.js';
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
    launchWithPuppeteer(
      {
        browser: 'firefox',
        executablePath: program,
        // Only scripts of the browser itself can read the categories of console messages.
        args: ['--remote-allow-system-access'],
        extraPrefsFirefox: {
          // Firefox would fetch its settings from the last one.
          'network.dns.localDomains': [
            ...hostNames('test'),
            ...simulationHostNames('test'),
            'firefox.settings.services.mozilla.com',
          ].join(),
          'network.captive-portal-service.enabled': false,
          'network.connectivity-service.enabled': false,
          'app.normandy.enabled': false,
        },
      },
      watchConsole,
    ),
};

/** The part of WebDriver BiDi that puppeteer has no functions for. */
interface BidiConnection {
  send(method: string, parameters: object): Promise<{ readonly result: never }>;
}

/** Runs in a window of the browser. */
const LISTEN = `globalThis.corsMessages = [];
  Services.console.registerListener({
    observe(message) {
      if (message instanceof Ci.nsIScriptError && /^(CORS|SOP$|COEP$)/.test(message.category)) {
        corsMessages.push([message.category, message.errorMessage]);
      }
    },
  });`;
const TAKE = 'JSON.stringify(corsMessages.splice(0))';

/** Collects the messages of the console that are about CORS. */
async function watchConsole(page: Page): Promise<() => Promise<ReportedFailure[]>> {
  const { connection } = page.browser() as unknown as { connection: BidiConnection };
  const tree = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const [window] = (tree.result as { contexts: { context: string }[] }).contexts;
  const evaluate = async (expression: string): Promise<string> => {
    const target = { context: window?.context };
    const { result } = await connection.send('script.evaluate', { expression, target, awaitPromise: false });
    return (result as { result: { value: string } }).result.value;
  };
  await evaluate(LISTEN);
  return async () => (JSON.parse(await evaluate(TAKE)) as [string, string][]).flatMap(readMessage);
}

function readMessage([category, message]: readonly [string, string]): ReportedFailure[] {
  const url = /https?:[^\s’]+?(?=’?\. \()/.exec(message)?.[0] ?? '';
  return category.endsWith('Deprecation') ? [] : [{ url, name: category.replace(/\d$/, '') }];
}
