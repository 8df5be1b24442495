// The suites that run in browsers: `npm test` runs them, and `node test/browser/run.mjs chromium` runs one browser.
// The sources are loaded as they are, so that no stale build is judged.
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

register('./typescript-loader.mjs', import.meta.url);
// The sample looks for its files from here.
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const { main } = await import('./main.ts');
const code = await main(process.argv.slice(2));
// A browser's last socket must not keep a finished run alive.
process.exit(code);
