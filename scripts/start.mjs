// `npm start`: builds the package and the sample and runs it, on Express or, with `-- --fastify`, on Fastify.
import { buildSample } from './lib/build-sample.mjs';

stopWithNpm();
console.log('Building the package and the sample ...');
if (await buildSample()) {
  // In this process, so that Ctrl+C reaches it directly.
  await import('../dist-sample/main.js');
} else {
  process.exitCode = 1;
}

/** npm sends SIGTERM to the shell between npm and this process, and the shell ends without passing it on. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) {
    return;
  }
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell) {
      process.kill(process.pid, 'SIGTERM');
    }
  }, 500).unref();
}
