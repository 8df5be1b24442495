// The pure core in a process of its own: what a decision costs, and what a list of origins weighs.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { CorsModule } from '../../src/index.js';
import type { CompiledPolicy } from '../../src/policy/compiled-policy.js';
import { decideActual, decidePreflight } from '../../src/policy/decide.js';
import type { CorsDecision, CorsRequestFacts } from '../../src/policy/decision.js';
import { mergeLevels } from '../../src/policy/merge.js';
import { PolicyCompiler } from '../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../src/policy/policy-options.js';
import { ALLOWED, FOREIGN } from '../kinds.js';
import { originsOf } from './plan.js';
import { serveCommands } from './serve-commands.js';

const POLICY: CorsPolicyOptions = {
  origin: originsOf({}),
  credentials: true,
  allowedHeaders: ['content-type', 'authorization'],
  exposedHeaders: ['x-total-count'],
  maxAge: 600,
};

const PREFLIGHT = { requestedMethod: 'GET', requestedHeaders: 'authorization,content-type' };

const FACTS: readonly (readonly [name: string, facts: CorsRequestFacts, outcome: CorsDecision['outcome']])[] = [
  ['GET allowed', { origin: ALLOWED }, 'allowed'],
  ['GET refused', { origin: FOREIGN }, 'refused'],
  ['GET refused, null', { origin: 'null' }, 'refused'],
  ['GET without Origin', { origin: undefined }, 'refused'],
  ['preflight allowed', { origin: ALLOWED, ...PREFLIGHT }, 'allowed'],
  ['preflight refused, origin', { origin: FOREIGN, ...PREFLIGHT }, 'refused'],
  ['preflight refused, method', { origin: ALLOWED, ...PREFLIGHT, requestedMethod: 'put' }, 'refused'],
  [
    'preflight refused, 16 KiB of commas',
    { origin: ALLOWED, ...PREFLIGHT, requestedHeaders: ','.repeat(16_384) },
    'refused',
  ],
  ['preflight refused, 8 KiB of Origin', { origin: `https://${'a'.repeat(8_192)}`, ...PREFLIGHT }, 'refused'],
];

/** Keeps the last results reachable, so that the compiler cannot remove the calls. */
const KEPT = 64;

serveCommands({
  decide({ count }: { count: number }) {
    const policy = new PolicyCompiler().compile(mergeLevels('bench', [{ target: 'bench', options: POLICY }]));
    const kept: CorsDecision[] = new Array(KEPT).fill(decide(policy, { origin: undefined }));
    const loop = (facts: CorsRequestFacts, times: number) => {
      for (let index = 0; index < times; index++) {
        kept[index % KEPT] = decide(policy, facts);
      }
    };
    for (const [name, facts, outcome] of FACTS) {
      if (decide(policy, facts).outcome !== outcome) {
        throw new Error(`${name}: expected ${outcome}, got ${decide(policy, facts).reason}.`);
      }
      loop(facts, Math.min(count, 50_000));
    }
    const overhead = bytesOf(() => undefined); // The cost of measuring.
    return FACTS.map(([name, facts]) => {
      const started = process.hrtime.bigint();
      loop(facts, count);
      const nanoseconds = Number(process.hrtime.bigint() - started) / count;
      const bytes = bytesOf(() => loop(facts, count)) - overhead;
      return { name, nanoseconds, bytes: Math.max(0, bytes / count) };
    });
  },

  /** A whole application, because copies may be anywhere in it. */
  async memory({ origins }: { origins: number }) {
    kept.push(await applicationWith(originsOf({}))); // Loads code and fills caches first.
    const base = heap();
    const list = originsOf({ origins });
    kept.push(list, JSON.stringify(list).length); // Flattens the strings, as if they came from a file.
    const strings = heap();
    kept.push(await applicationWith(list));
    return { stringBytesPerOrigin: (strings - base) / origins, bytesPerOrigin: (heap() - strings) / origins };
  },
});

/** One decision, as the request path makes it. */
function decide(policy: CompiledPolicy, facts: CorsRequestFacts): CorsDecision {
  return facts.requestedMethod === undefined
    ? decideActual(policy, facts.origin, facts.originAllowed)
    : decidePreflight(policy, facts);
}

async function applicationWith(origin: readonly string[]): Promise<object> {
  class BenchModule {}
  Module({ imports: [CorsModule.forRoot({ origin })] })(BenchModule);
  const app = await NestFactory.create(BenchModule, new ExpressAdapter(), { logger: ['error'], abortOnError: false });
  return app.init();
}

const kept: unknown[] = [];

function bytesOf(act: () => void): number {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  act();
  return process.memoryUsage().heapUsed - before;
}

function heap(): number {
  for (let time = 0; time < 4; time++) {
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
