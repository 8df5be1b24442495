// `npm start`: builds the package and the sample and runs it, on Express or, with `-- --fastify`, on Fastify.
import { buildSample } from './lib/build-sample.mjs';

console.log('Building the package and the sample ...');
if (await buildSample()) {
  // In this process, so that Ctrl+C and a service manager's signals reach it without a messenger.
  await import('../dist-sample/main.js');
} else {
  process.exitCode = 1;
}
