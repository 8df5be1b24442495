// Serves the sample for the browser suites in a separate process, because it reads its ports from the environment when
// it is loaded. Prints its addresses as one line of JSON, and ends when its stdin closes, that is, with its parent.
import { register } from 'node:module';

register('../../typescript-loader.mjs', import.meta.url);
const { runSample } = await import('../../../../sample/server/run-sample.ts');
const { addresses } = await runSample(process.argv[2]);
console.log(JSON.stringify(addresses));
process.stdin.on('end', () => process.exit()).resume();
