// `npm run attack`: sends random requests to random applications and judges them by the handler that really ran. It
// loads the sources, so that it never tests an old build. `--planted` checks that it finds planted faults.
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const [first, ...others] = process.argv.slice(2);
if (first === '--planted') {
  const { runPlanted } = await import('./planted/run-planted.mjs');
  process.exit(await runPlanted(others));
}
register('../browser/typescript-loader.mjs', import.meta.url);
const { main } = await import('./main.ts');
process.exit(await main(process.argv.slice(2)));
