import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CorsRoute, CorsService } from 'nestjs-cors';
import { CorsRuntime } from '../../src/module/cors-runtime.js';
import { corsHeaders } from '../support/cors-headers.js';
import { PLATFORMS, type Platform } from '../support/platforms.js';
import { applications } from './applications/application-arbitrary.js';
import {
  APPLICATION_WIDE,
  type ApplicationModel,
  EVERYONE,
  originOf,
  routesOf,
  type Scenario,
} from './applications/application-model.js';
import { type GeneratedApp, startGenerated } from './applications/build-application.js';
import { hiddenHeaders } from './hidden-headers.js';
import { type RequestDraw, type RoutedRequest, requestDraws, requestsFor } from './request-arbitrary.js';
import { RequestClient } from './request-client.js';
import { Tally } from './tally.js';

const SCENARIOS: readonly Scenario[] = [
  { title: 'as Nest sets it up' },
  { title: 'hosts', hosts: true },
  { title: 'global prefix with exclusions', prefix: true },
  { title: 'RouterModule with a parameter and a prefix', routerModule: 'parameter', prefix: true },
  { title: 'URI versions with prefix and default', versioning: 'uri', prefix: true, defaultVersion: '1' },
  { title: 'header versions', versioning: 'header' },
  { title: 'untouched handlers', untouched: true },
];

const APPLICATIONS = Number(process.env.NESTJS_CORS_APPLICATIONS ?? 2);
const REQUESTS = 40;
const LONGEST = 60_000 * APPLICATIONS;

/** Compares the list of routes with the answers to real requests and to their preflights. */
class ListComparison {
  readonly #client: RequestClient;
  readonly #labels: readonly string[];
  readonly #byLabel = new Map<string, CorsRoute[]>();
  readonly #app: GeneratedApp;
  readonly #scenario: Scenario;
  readonly #tally: Tally;

  constructor(app: GeneratedApp, model: ApplicationModel, scenario: Scenario, tally: Tally) {
    this.#app = app;
    this.#scenario = scenario;
    this.#tally = tally;
    this.#client = new RequestClient(app.running.port, tally);
    this.#labels = [...new Set([APPLICATION_WIDE, 'c0', ...routesOf(model).map(({ label }) => label)])];
    for (const route of app.running.app.get(CorsService).routes()) {
      const [, index, handler] = /^(?:Base|Controller)(\d+)\.handler(\d+)$/.exec(route.target) ?? [];
      for (const label of [`c${index}`, `c${index}-h${handler}`]) {
        this.#byLabel.set(label, [...(this.#byLabel.get(label) ?? []), route]);
      }
    }
  }

  close(): void {
    this.#client.close();
  }

  async compare(request: RoutedRequest): Promise<void> {
    this.#tally.cases++;
    const noted = this.#app.watch();
    const headers = { ...request.headers, Origin: EVERYONE };
    await this.#client.send({ method: request.method, path: request.target, headers });
    const { label } = noted;
    if (label === undefined) {
      return;
    }
    const listed = (this.#byLabel.get(label) ?? []).filter(({ method }) => answers(method, request.method));
    if (listed.length === 0) {
      this.#tally.disagreements.push(`${request.method} ${request.target} reached ${label}, which is not listed`);
    }
    const [route] = listed;
    if (route === undefined || route.versions !== undefined) {
      this.#tally.count('version not in the path');
      return;
    }
    this.#tally.count(route.state);
    for (const origin of [EVERYONE, ...this.#labels.slice(0, 4).map(originOf), originOf(label)]) {
      await this.#preflight(request, route, origin);
    }
  }

  async #preflight({ method, target, headers }: RoutedRequest, route: CorsRoute, origin: string): Promise<void> {
    const names = Object.keys(headers).filter((name) => hiddenHeaders(this.#scenario).includes(name));
    const response = await this.#client.send({
      method: 'OPTIONS',
      path: target,
      headers: {
        ...(headers.Host === undefined ? {} : { Host: headers.Host }),
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': names.length === 0 ? undefined : names.join(','),
      },
    });
    const allowed = corsHeaders(response)['access-control-allow-origin'];
    const isAllowed = route.state === 'open' && route.policy.origin.includes(origin);
    if (this.#scenario.versioning === 'header' && !isAllowed) {
      return; // a handler of another version may allow the origin
    }
    // The platform answers the preflight of an untouched route, perhaps by a handler for OPTIONS with its own policy.
    if (route.state !== 'untouched' && allowed !== (isAllowed ? origin : undefined)) {
      this.#tally.disagreements.push(
        `${method} ${target} from ${origin}: ${allowed}, but ${route.target} is listed as open to ${route.policy.origin}`,
      );
    }
    if (route.state === 'untouched' && response.status === 204) {
      this.#tally.disagreements.push(`${method} ${target}: ${route.target} is listed as untouched`);
    }
  }
}

function answers(listed: string, method: string): boolean {
  return listed === method || listed === 'ALL' || (method === 'HEAD' && listed === 'GET');
}

async function compareAll(
  platform: Platform,
  scenario: Scenario,
  model: ApplicationModel,
  draws: readonly RequestDraw[],
): Promise<Tally> {
  const tally = new Tally();
  const app = await startGenerated(platform, model, scenario);
  const comparison = new ListComparison(app, model, scenario, tally);
  try {
    const compiled = app.running.app.get(CorsRuntime).application?.routes.entries.map(({ target }) => target);
    expect(
      app.running.app
        .get(CorsService)
        .routes()
        .map(({ target }) => target),
    ).toEqual(compiled);
    for (const request of requestsFor(model, scenario, draws)) {
      await comparison.compare(request);
    }
    return tally;
  } finally {
    comparison.close();
    await app.running.close();
  }
}

describe.each(PLATFORMS)('the list of routes on $name', (platform) => {
  const run = new Tally();

  it.each(SCENARIOS)(
    'has each handler that answers, with the policy that its preflight gets: $title',
    async (scenario) => {
      await fc.assert(
        fc.asyncProperty(
          applications(scenario, platform.name),
          fc.array(requestDraws, { minLength: REQUESTS, maxLength: REQUESTS }),
          async (model, draws) => {
            const tally = await compareAll(platform, scenario, model, draws);
            run.cases += tally.cases;
            for (const [name, count] of tally.counts) {
              run.counts.set(name, run.of(name) + count);
            }
            expect(tally.disagreements).toEqual([]);
          },
        ),
        { numRuns: APPLICATIONS, endOnFailure: true },
      );
    },
    LONGEST,
  );

  it('is compared often enough', () => {
    expect(run.cases).toBeGreaterThan(800);
    expect(run.of('open')).toBeGreaterThan(300);
    expect(run.of('untouched')).toBeGreaterThan(5);
  });
});
