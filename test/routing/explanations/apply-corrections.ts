import type { CorsExplanation } from 'nestjs-cors';
import { readCorrection, type WrittenCorrection, writtenOptions } from '../../support/explanations/apply-correction.js';
import type { Platform } from '../../support/platforms.js';
import { RecordedLog } from '../../unit/boot/boot.js';
import type { ApplicationModel, GeneratedPolicy, Scenario } from '../applications/application-model.js';
import { startGenerated } from '../applications/build-application.js';
import { RequestClient } from '../request-client.js';
import { Tally } from '../tally.js';
import { compareExplanation } from './compare-explanation.js';
import type { GeneratedPageRequest } from './page-request.js';

/** More corrections than any request needs. */
const MOST_ROUNDS = 8;

/** The reasons whose refusal a server can see, so that the log says the same. */
const LOGGED: ReadonlySet<string> = new Set([
  'origin-not-allowed',
  'method-not-allowed',
  'header-not-allowed',
  'disabled',
]);

/** The correction that an explanation prints; `undefined` if it prints no code. */
export function correctionOf(explanation: CorsExplanation): WrittenCorrection | undefined {
  const change = String(explanation)
    .split('\n')
    .find((line) => line.startsWith('Change: '));
  return change === undefined ? undefined : readCorrection(change, explanation.target);
}

/** Reasons after which the policy is another one, so that no explanation knows what refuses next. */
const OPENED: ReadonlySet<string> = new Set(['no-policy', 'disabled']);

/**
 * Applies the code that explanations of a request print, one after the other, and boots again each time.
 *
 * @param platform where the application runs
 * @param tally receives every correction that does not boot, that the log does not print too, or that does not help
 */
export async function applyCorrections(
  platform: Platform,
  model: ApplicationModel,
  scenario: Scenario,
  request: GeneratedPageRequest,
  tally: Tally,
): Promise<void> {
  let corrections: ReadonlyMap<string, GeneratedPolicy> = new Map();
  let next: readonly string[] | undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const logger = new RecordedLog();
    const explanation = await explainIn(platform, model, { ...scenario, corrections, logger }, request, tally);
    const { readable, reason } = explanation;
    const expected = next?.[0] ?? 'allowed';
    if (next !== undefined && reason !== expected) {
      note(
        tally,
        request,
        `is refused by ${reason} and not by ${expected}, after ${written(corrections)}`,
        explanation,
      );
    }
    const correction = correctionOf(explanation);
    if (readable === true || correction === undefined) {
      tally.count(readable === true ? 'readable after corrections' : `no code: ${reason}`);
      return;
    }
    if (LOGGED.has(reason) && !logger.warnings.some((line) => isSame(line, reason, correction, explanation.target))) {
      note(tally, request, `has another correction in the log:\n${logger.warnings.join('\n')}`, explanation);
    }
    tally.count(`corrected: ${reason}`);
    const { place } = correction;
    corrections = new Map([
      ...corrections,
      [place, { ...(corrections.get(place) as object | undefined), ...writtenOptions(correction) }],
    ]);
    next = OPENED.has(reason) ? undefined : explanation.next;
  }
  tally.disagreements.push(`${JSON.stringify(request)} is refused after ${MOST_ROUNDS} corrections`);
}

async function explainIn(
  platform: Platform,
  model: ApplicationModel,
  scenario: Scenario,
  request: GeneratedPageRequest,
  tally: Tally,
): Promise<CorsExplanation> {
  const app = await startGenerated(platform, model, scenario);
  const own = new Tally();
  const client = new RequestClient(app.running.port, own);
  try {
    const explanation = await compareExplanation(app, client, request, own);
    tally.disagreements.push(...own.disagreements);
    return explanation;
  } finally {
    client.close();
    await app.running.close();
  }
}

function isSame(line: string, reason: string, { code, place }: WrittenCorrection, target: string): boolean {
  const logged = readCorrection(line, target);
  return line.startsWith(reason) && logged?.code === code && logged.place === place;
}

function written(corrections: ReadonlyMap<string, GeneratedPolicy>): string {
  return JSON.stringify([...corrections]);
}

function note(tally: Tally, request: GeneratedPageRequest, what: string, explanation: CorsExplanation): void {
  tally.disagreements.push(`${JSON.stringify(request)} ${what}\n${explanation}`);
}
