import type { Page } from 'puppeteer-core';
import type { BrowserKind, ReportedFailure } from './browser.js';
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
    launchWithPuppeteer(
      {
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
          // A sandboxed frame in a process of its own would report to another session.
          '--disable-features=IsolateSandboxedIframes',
        ],
      },
      watchIssues,
      // Chromium's own default, which Debian changes: third-party cookies are allowed.
      { profile: { cookie_controls_mode: 0 } },
    ),
};

/**
 * Collects the issues of the developer tools. Chromium raises them for requests only while the network is observed.
 */
async function watchIssues(page: Page): Promise<() => Promise<ReportedFailure[]>> {
  const reports: ReportedFailure[] = [];
  const session = await page.createCDPSession();
  session.on('Audits.issueAdded', ({ issue: { details } }) => {
    const issue = details.corsIssueDetails;
    if (issue !== undefined && !issue.isWarning) {
      const { corsError, failedParameter } = issue.corsErrorStatus;
      reports.push({ url: issue.request.url, name: corsError, parameter: failedParameter });
    }
  });
  await session.send('Audits.enable');
  await session.send('Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0 });
  return async () => reports.splice(0);
}
