import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CorsExplanation } from 'nestjs-cors';
import type { Platform } from '../../support/platforms.js';
import { applications } from '../applications/application-arbitrary.js';
import { type ApplicationModel, originOf, type Scenario } from '../applications/application-model.js';
import { startGenerated } from '../applications/build-application.js';
import { describeRoutes } from '../compare-lookups.js';
import { hiddenHeaders } from '../hidden-headers.js';
import { type RequestDraw, requestDraws, requestsFor } from '../request-arbitrary.js';
import { RequestClient } from '../request-client.js';
import { Tally } from '../tally.js';
import { applyCorrections, correctionOf } from './apply-corrections.js';
import { compareExplanation } from './compare-explanation.js';
import { type GeneratedPageRequest, type PageDraw, pageDraws, pageRequest } from './page-request.js';
import { variedPolicy } from './policies.js';

/** Requests to the one application of each scenario, besides one for each handler. */
const REQUESTS = 200;
const LONGEST = 60_000;
/** How many refused requests of each reason get their corrections applied, in a whole run. */
const CORRECTED = 4;

/** How often the cases of a run must have each result, whatever the seed. */
const LEAST: Readonly<Record<string, number>> = {
  'readable: true': 120,
  'readable: false': 800,
  'readable: undefined': 15,
  'step: preflight': 500,
  'step: enforcement': 30,
  'step: response': 200,
  allowed: 120,
  'origin-not-allowed': 200,
  'origin-null': 50,
  'origin-malformed': 50,
  'method-unknown': 25,
  'method-not-allowed': 3,
  'header-not-allowed': 30,
  disabled: 50,
  'no-policy': 15,
  'path-ambiguous': 5,
  'credentials-not-allowed': 40,
  'wildcard-with-credentials': 30,
  'next: header-not-allowed': 100,
  'next: method-not-allowed': 25,
  'next: credentials-not-allowed': 100,
  'in paths': 50,
  'readable after corrections': 15,
  'corrected: origin-not-allowed': 2,
  'corrected: method-not-allowed': 2,
  'corrected: header-not-allowed': 2,
  'corrected: disabled': 2,
  'corrected: no-policy': 2,
  'corrected: credentials-not-allowed': 2,
  'corrected: wildcard-with-credentials': 2,
};

/** Compares explanations with real requests, and applies what they say to change. */
export function describeExplanations(platform: Platform, scenarios: readonly Scenario[]): void {
  describe(`explain() on ${platform.name}`, () => {
    const run = new Tally();

    it.each(scenarios)(
      'says what a real preflight and request do, and what lets the request through: $title',
      async (scenario) => {
        const varied: Scenario = {
          ...scenario,
          policyOf: variedPolicy(hiddenHeaders(scenario)),
          paths: { '/items': { origin: originOf('paths') }, '/users': false },
        };
        await fc.assert(
          fc.asyncProperty(
            applications(varied, platform.name),
            fc.array(requestDraws, { minLength: REQUESTS, maxLength: REQUESTS }),
            fc.array(pageDraws, { minLength: REQUESTS, maxLength: REQUESTS }),
            async (model, draws, pages) => {
              const before = run.disagreements.length;
              const { routes, refused } = await compareAll(platform, varied, model, draws, pages, run);
              for (const request of refused) {
                await applyCorrections(platform, model, varied, request, run);
              }
              const found = run.disagreements.slice(before, before + 6);
              if (found.length > 0) {
                throw new Error(`${found.join('\n')}\nRoutes:\n${routes}`);
              }
            },
          ),
          { numRuns: 1, endOnFailure: true },
        );
      },
      LONGEST,
    );

    it('is compared with every result, often enough', () => {
      const rare = Object.entries(LEAST)
        .filter(([name, least]) => run.of(name) < least)
        .map(([name, least]) => `${name}: ${run.of(name)} of ${least}`);
      expect(rare).toEqual([]);
      expect(run.cases).toBeGreaterThanOrEqual(2_000);
    });
  });
}

/** Returns the requests whose corrections are to be applied. */
async function compareAll(
  platform: Platform,
  scenario: Scenario,
  model: ApplicationModel,
  draws: readonly RequestDraw[],
  pages: readonly PageDraw[],
  run: Tally,
): Promise<{ readonly routes: string; readonly refused: readonly GeneratedPageRequest[] }> {
  const app = await startGenerated(platform, model, scenario);
  const client = new RequestClient(app.running.port, run);
  const refused: GeneratedPageRequest[] = [];
  try {
    for (const [position, routed] of requestsFor(model, scenario, draws).entries()) {
      const request = pageRequest(routed, pages[position % pages.length] as PageDraw, model);
      if (request !== undefined) {
        const explanation = await compareExplanation(app, client, request, run);
        if (isToCorrect(explanation, run)) {
          refused.push(request);
        }
      }
    }
    return { routes: describeRoutes(app), refused };
  } finally {
    client.close();
    await app.running.close();
  }
}

function isToCorrect(explanation: CorsExplanation, run: Tally): boolean {
  const name = `chosen: ${explanation.reason}`;
  if (explanation.readable === true || run.of(name) >= CORRECTED || correctionOf(explanation) === undefined) {
    return false;
  }
  run.count(name);
  return true;
}
