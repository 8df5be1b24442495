// The suites that run in browsers: `npm test` runs them, and `node test/browser/run.mjs chromium` runs one browser.
// It loads the sources, so that it never tests an old build.
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { faults as libraryFaults } from './suites/library/planted/faults.mjs';
import { faults as simulationFaults } from './suites/simulation/planted/faults.mjs';

register('./typescript-loader.mjs', import.meta.url, { data: { faults: [...libraryFaults, ...simulationFaults] } });
// The sample resolves its files from here.
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const { main } = await import('./main.ts');
const code = await main(process.argv.slice(2));
// An open socket of a browser must not keep the finished run alive.
process.exit(code);
