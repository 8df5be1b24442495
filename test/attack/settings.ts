import { parseArgs } from 'node:util';
import { CHECKS, type Check } from './judge/found.js';
import type { PlatformName } from './plan.js';

/** The settings of a run. */
export interface Settings {
  readonly seeds: readonly number[];
  /** The minimum number of requests to the applications of each platform. */
  readonly requests: number;
  readonly platforms: readonly PlatformName[];
  /** Stop at the first violation of this check, and shrink nothing. */
  readonly until: Check | undefined;
}

const PLATFORMS: readonly PlatformName[] = ['express', 'fastify'];
/** The seeds of every ordinary run. A seed that found a fault stays here. */
const FIXED_SEEDS: readonly number[] = Object.freeze([
  // On Fastify, an @Options() handler with a resolver refused a passed-on preflight.
  1,
]);
const DEFAULT_REQUESTS = 20_000;

/**
 * Reads the command line: `--seed N` (or `--seed random`), `--requests N`, `--platform express`, `--until max-age`.
 * @throws Error for unknown options and values
 */
export function readSettings(args: readonly string[], draw: () => number = Math.random): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      requests: { type: 'string' },
      platform: { type: 'string' },
      until: { type: 'string' },
    },
  });
  const platform = values.platform as PlatformName | undefined;
  if (platform !== undefined && !PLATFORMS.includes(platform)) {
    throw new Error(`--platform is ${JSON.stringify(platform)} but must be express or fastify.`);
  }
  const until = values.until as Check | undefined;
  if (until !== undefined && !CHECKS.includes(until)) {
    throw new Error(`--until is ${JSON.stringify(until)} but must be one of ${CHECKS.join(', ')}.`);
  }
  return {
    seeds: seedsOf(values.seed, draw),
    requests: wholeNumber('--requests', values.requests, DEFAULT_REQUESTS),
    platforms: platform === undefined ? PLATFORMS : [platform],
    until,
  };
}

function seedsOf(text: string | undefined, draw: () => number): readonly number[] {
  if (text === undefined) {
    return FIXED_SEEDS;
  }
  return [text === 'random' ? Math.floor(draw() * 2 ** 32) : wholeNumber('--seed', text, 0)];
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** 32) {
    throw new Error(`${name} is ${JSON.stringify(text)} but must be a whole number from 0 to 4294967295.`);
  }
  return number;
}
