import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import fc from 'fast-check';
import type { AdapterInstallation } from '../../src/boot/installation/adapter-installation.js';
import { AdapterInstallations } from '../../src/boot/installation/adapter-installations.js';
import type { HttpPlatform, RouteQuery } from '../../src/http/http-platform.js';
import { CorsRuntime } from '../../src/module/cors-runtime.js';
import type { RouteEntry } from '../../src/routes/route-entry.js';
import type { Platform } from '../support/platforms.js';
import { applications } from './applications/application-arbitrary.js';
import type { ApplicationModel, Scenario } from './applications/application-model.js';
import { startGenerated } from './applications/build-application.js';
import { describeRoutes, LookupComparison } from './compare-lookups.js';
import { type RequestDraw, requestDraws, requestsFor, SPELLINGS } from './request-arbitrary.js';
import { Tally } from './tally.js';

/**
 * Applications for each scenario. Each gets one request for every handler and random ones. The variable increases the
 * number.
 */
const APPLICATIONS = Number(process.env.NESTJS_CORS_APPLICATIONS ?? 2);
const REQUESTS = 100;
const LONGEST = 60_000 * APPLICATIONS;

/** How often the cases of a whole run must reach each feature, whatever the seed. */
const LEAST: Readonly<Record<string, number>> = {
  'reached a handler': 500,
  'reached nothing': 100,
  'reached another route than it was made for': 50,
  literal: 200,
  parameter: 100,
  wildcard: 50,
  mixed: 50,
  optional: 25,
  'path array': 100,
  inherited: 50,
  'request-scoped': 25,
  RouterModule: 50,
  host: 8,
  'uri version': 25,
  'header version': 15,
  'media-type version': 10,
  'custom version': 10,
  'several candidates': 15,
  'enforced, version unknown to the preflight': 8,
  'not to be cached': 50,
  untouched: 25,
  'passed on': 1,
  'passed on to a handler': 5,
  ALL: 50,
  HEAD: 25,
  SSE: 25,
  OPTIONS: 25,
  'method: OPTIONS': 10,
  'method: HEAD': 25,
  ...Object.fromEntries(SPELLINGS.map((spelling) => [`spelling: ${spelling}`, 20])),
};

/** Features that only Fastify has. */
const LEAST_ON_FASTIFY: Readonly<Record<string, number>> = {
  'constraint: tenant': 25,
  'constraint: region': 10,
  'constraint: host': 10,
  'several constrained candidates': 25,
  'enforced, constraint unknown to the preflight': 25,
};

/** A wrong lookup that replaces the real one, to check that the comparison notices it. */
export type WrongLookup = (query: RouteQuery, entries: readonly RouteEntry[]) => RouteEntry | undefined;

/** Compares the lookup with the platform's router. */
export function describeRouting(platform: Platform, scenarios: readonly Scenario[], wrong: WrongLookup): void {
  describe(`the route lookup on ${platform.name}`, () => {
    const run = new Tally();

    it.each(scenarios.map((scenario, index) => ({ ...scenario, index })))(
      'names the handler that the actual request reaches: $title',
      async (scenario) => {
        await fc.assert(
          fc.asyncProperty(
            applications(scenario, platform.name),
            fc.array(requestDraws, { minLength: REQUESTS, maxLength: REQUESTS }),
            async (model, draws) => {
              const { tally, routes } = await compareAll(platform, scenario, model, draws);
              add(run, tally);
              if (tally.disagreements.length > 0) {
                throw new Error(`${tally.disagreements.slice(0, 12).join('\n')}\nRoutes:\n${routes}`);
              }
            },
          ),
          { numRuns: APPLICATIONS, endOnFailure: true, ...seedOf(scenario.index) },
        );
      },
      LONGEST,
    );

    it('is tested with every feature, often enough', () => {
      const features = { ...LEAST, ...(platform.name === 'express' ? { specificity: 50 } : LEAST_ON_FASTIFY) };
      const rare = Object.entries(features)
        .filter(([name, least]) => run.of(name) < least)
        .map(([name, least]) => `${name}: ${run.of(name)} of ${least}`);
      expect(rare).toEqual([]);
      expect(run.cases).toBeGreaterThanOrEqual(5_000);
    });

    it(
      'is found wrong by the same comparison when it is replaced',
      async () => {
        const found = new Tally();
        await fc.assert(
          fc.asyncProperty(
            applications({ title: 'control' }, platform.name),
            fc.array(requestDraws, { minLength: REQUESTS, maxLength: REQUESTS }),
            async (model, draws) => {
              add(found, (await compareAll(platform, { title: 'control' }, model, draws, wrong)).tally);
            },
          ),
          { numRuns: APPLICATIONS, endOnFailure: true },
        );
        expect(found.disagreements.filter((text) => text.startsWith('preflight')).length).toBeGreaterThan(10);
        expect(found.disagreements.filter((text) => text.startsWith('policy of what was reached'))).toEqual([]);
      },
      LONGEST,
    );
  });
}

async function compareAll(
  platform: Platform,
  scenario: Scenario,
  model: ApplicationModel,
  draws: readonly RequestDraw[],
  wrong?: WrongLookup,
): Promise<{ tally: Tally; routes: string }> {
  const tally = new Tally();
  const app = await startGenerated(platform, model, scenario);
  const comparison = new LookupComparison(app, model, scenario, tally);
  try {
    if (wrong !== undefined) {
      replaceLookup(app.running.app, wrong);
    }
    for (const [position, request] of requestsFor(model, scenario, draws).entries()) {
      await comparison.compare(request, position);
    }
    return { tally, routes: describeRoutes(app) };
  } finally {
    comparison.close();
    await app.running.close();
  }
}

/** A different seed for each scenario, so that they draw differently. */
function seedOf(index: number): { seed?: number } {
  const { seed } = fc.readConfigureGlobal();
  return seed === undefined ? {} : { seed: seed + index };
}

function add(to: Tally, from: Tally): void {
  to.cases += from.cases;
  to.requests += from.requests;
  to.disagreements.push(...from.disagreements);
  for (const [name, count] of from.counts) {
    to.counts.set(name, to.of(name) + count);
  }
}

/** From now on, preflights use another lookup. Everything else is unchanged. */
function replaceLookup(app: INestApplication, wrong: WrongLookup): void {
  const installations = AdapterInstallations.find(app.get(HttpAdapterHost)) as AdapterInstallations;
  const { handling } = installations.installationOn(app.getHttpAdapter()) as AdapterInstallation;
  const right = handling.lookup.platform;
  const entries = app.get(CorsRuntime).application?.routes.entries ?? [];
  const replaced: HttpPlatform = {
    caseSensitive: right.caseSensitive,
    semicolonDelimiter: right.semicolonDelimiter,
    trustProxyCode: right.trustProxyCode,
    expectRoutes: (routes) => right.expectRoutes(routes),
    constraintsOf: (handler, versioned) => right.constraintsOf(handler, versioned),
    registerRoute: (entry, register, elsewhere) => right.registerRoute(entry, register, elsewhere),
    servesVersions: (handler, versions) => right.servesVersions(handler, versions),
    accepts: (entry, request) => right.accepts(entry, request),
    registeredRoutes: () => right.registeredRoutes(),
    pathname: (url) => right.pathname(url),
    host: (request) => right.host(request),
    scheme: (request) => right.scheme(request),
    rawResponse: (response) => right.rawResponse(response),
    requestOf: (raw) => right.requestOf(raw),
    present: (request, response) => right.present(request, response),
    listWriter: (response) => right.listWriter(response),
    candidates: (query) => {
      if (!query.preflight) {
        return right.candidates(query);
      }
      const entry = wrong(query, entries);
      return entry === undefined ? [] : [entry];
    },
  };
  handling.lookup.attach(replaced);
}
