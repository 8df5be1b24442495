import { announcement } from './server/announcement.js';
import { type PlatformName, runSample } from './server/run-sample.js';

const USAGE = 'Usage: npm start [-- --express | --fastify]';

/** The platform that the command line names. The default is Express. */
function readPlatform(words: readonly string[]): PlatformName {
  const [word = '--express', ...more] = words;
  if (more.length > 0 || (word !== '--express' && word !== '--fastify')) {
    throw new Error(`${words.join(' ')} is not understood. ${USAGE}`);
  }
  return word === '--fastify' ? 'fastify' : 'express';
}

try {
  const sample = await runSample(readPlatform(process.argv.slice(2)));
  console.log(announcement(sample.addresses));
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) {
      return;
    }
    stopping = true;
    await sample.close();
    console.log('Stopped.');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
