import { BROWSER_KINDS } from './browsers/browser-kinds.js';
import { Checks } from './checks.js';
import { startEnvironments } from './environments.js';
import { runMatrix } from './matrix/run-matrix.js';
import { runSequences } from './preflight-cache/run-sequences.js';

export async function main(names: readonly string[]): Promise<number> {
  const checks = new Checks();
  const running = await startEnvironments();
  for (const kind of BROWSER_KINDS) {
    if (names.length > 0 && !names.includes(kind.name)) continue;
    const programs = kind.find();
    if (!programs) continue;
    let t = performance.now();
    const browser = await kind.launch(programs);
    console.log(kind.name, browser.version, performance.now() - t);
    try {
      for (const environment of running.environments) {
        if (!kind.domains.includes(environment.domain)) continue;
        t = performance.now();
        await runMatrix({ browser, browserName: kind.name, environment }, checks);
        if (environment.domain === 'localhost')
          await runSequences({ browser, browserName: kind.name, environment }, checks);
        console.log(environment.name, performance.now() - t);
      }
    } finally {
      await browser.close();
    }
  }
  await running.close();
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  return checks.failed === 0 ? 0 : 1;
}
