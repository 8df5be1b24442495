import { createHash } from 'node:crypto';
import { drawApplication } from './draw/draw-application.js';
import { drawRequest } from './draw/draw-requests.js';
import { Random } from './draw/random.js';
import type { Check } from './judge/found.js';
import type { Counts } from './judge/oracle.js';
import type { CasePlan, PlatformName } from './plan.js';
import { printCase } from './print.js';
import { type CaseResult, runCase } from './run-case.js';
import { readSettings, type Settings } from './settings.js';
import { isOfKind, shrink } from './shrink.js';

const REQUESTS_FOR_EACH_APPLICATION = 14;
/** The limit of violations that are shrunk and printed, each kind once. */
const MOST_PRINTED = 8;

/** The result of an attack on one platform. */
export interface AttackResult {
  readonly requests: number;
  readonly applications: number;
  /** Applications that do not start without the module either. */
  readonly refused: number;
  readonly counts: Counts;
  readonly violations: ReadonlyMap<Check, number>;
  /** Equal for two runs of one seed. */
  readonly digest: string;
}

/**
 * Attacks random applications with random requests.
 * @returns the exit code: 0 without a violation
 */
export async function main(args: readonly string[], say: (line: string) => void = console.log): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args);
  } catch (error) {
    say((error as Error).message);
    return 2;
  }
  const tally = { passed: 0, failed: 0 };
  const { seeds, requests, until } = settings;
  for (const platform of settings.platforms) {
    for (const seed of seeds) {
      const result = await attack(platform, { seed, requests: Math.ceil(requests / seeds.length), until }, say);
      describe(platform, seed, result, say);
      tally.failed += result.violations.size;
      tally.passed += result.violations.size === 0 ? 1 : 0;
    }
  }
  say(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}

function describe(platform: PlatformName, seed: number, result: AttackResult, say: (line: string) => void): void {
  const { requests, applications, refused, counts, violations, digest } = result;
  say(`\n${platform}: ${requests} requests to ${applications} applications, seed ${seed}, digest ${digest}`);
  say(`${refused} more applications were refused by the router`);
  for (const [name, count] of [...counts].sort()) {
    say(`  ${String(count).padStart(7)} ${name}`);
  }
  for (const [check, count] of violations) {
    say(`  VIOLATED ${check}: ${count} times`);
  }
}

/** Attacks one platform until it has received enough requests. */
export async function attack(
  platform: PlatformName,
  { seed, requests: budget, until }: Pick<Settings, 'requests' | 'until'> & { readonly seed: number },
  say: (line: string) => void,
): Promise<AttackResult> {
  const random = new Random(seed);
  const counts: Counts = new Map();
  const violations = new Map<Check, number>();
  const digest = createHash('sha256');
  let requests = 0;
  let applications = 0;
  let refused = 0;
  while (requests < budget) {
    const plan = drawCase(random.branch(), platform);
    const result = await runCase(plan, counts);
    requests += result.requests;
    if (result.refused !== undefined) {
      refused++;
      if (refused > 50 + applications) {
        throw new Error(`Most applications are refused by the router: ${result.refused}`);
      }
      continue;
    }
    applications++;
    digest.update(result.record.join('\n'));
    await report(plan, result, violations, until === undefined ? say : undefined);
    if (until !== undefined && violations.has(until)) {
      break;
    }
  }
  return { requests, applications, refused, counts, violations, digest: digest.digest('hex').slice(0, 16) };
}

function drawCase(random: Random, platform: PlatformName): CasePlan {
  const application = drawApplication(random, platform);
  const requests = Array.from({ length: REQUESTS_FOR_EACH_APPLICATION }, () => drawRequest(random, application));
  return { application, requests };
}

async function report(
  plan: CasePlan,
  { violations }: CaseResult,
  seen: Map<Check, number>,
  say: ((line: string) => void) | undefined,
): Promise<void> {
  for (const { check } of violations) {
    const before = seen.get(check);
    seen.set(check, (before ?? 0) + 1);
    if (before !== undefined || seen.size > MOST_PRINTED || say === undefined) {
      continue;
    }
    const smallest = await shrink(plan, async (smaller) =>
      isOfKind((await runCase(smaller, new Map())).violations, check),
    );
    const { violations: left } = await runCase(smallest, new Map());
    say(`\nVIOLATED ${check}`);
    for (const violation of left) {
      say(`  ${violation.check}: ${violation.text}`);
    }
    say(printCase(smallest));
  }
}
