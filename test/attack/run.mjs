// `npm run attack`: random applications, random requests, and one judge, the handler that really ran. The sources are
// loaded as they are, so that no stale build is judged. `--planted` tries it on faults that it must see.
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
