import { CorsRuntime } from '../../src/module/cors-runtime.js';
import { type CorsHeaders, corsHeaders } from '../support/cors-headers.js';
import {
  APPLICATION_WIDE,
  type ApplicationModel,
  EVERYONE,
  featuresOf,
  originOf,
  routesOf,
  type Scenario,
} from './applications/application-model.js';
import type { GeneratedApp } from './applications/build-application.js';
import { hiddenHeaderSets, hiddenHeaders } from './hidden-headers.js';
import type { RoutedRequest } from './request-arbitrary.js';
import { RequestClient } from './request-client.js';
import type { Tally } from './tally.js';

const PREFLIGHT_VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

/** The methods whose handlers may share a URL with the requested method of a preflight. */
const SIBLING_METHODS = Object.freeze(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Compares the handlers that requests reach with the responses to their preflights, and notes every disagreement. */
export class LookupComparison {
  readonly #client: RequestClient;
  readonly #labels: readonly string[];
  /** Handlers without a policy. */
  readonly #untouched: ReadonlySet<string>;
  readonly #features: ReadonlyMap<string, readonly string[]>;
  readonly #app: GeneratedApp;
  readonly #scenario: Scenario;
  readonly #tally: Tally;

  constructor(app: GeneratedApp, model: ApplicationModel, scenario: Scenario, tally: Tally) {
    this.#app = app;
    this.#scenario = scenario;
    this.#tally = tally;
    this.#client = new RequestClient(app.running.port, tally);
    const routes = routesOf(model);
    this.#labels = [...new Set([APPLICATION_WIDE, ...routes.map(({ label }) => label)])];
    this.#untouched = new Set(routes.filter(({ handler }) => handler.untouched === true).map(({ label }) => label));
    const features = new Map<string, string[]>();
    for (const route of routes) {
      features.set(route.label, [...(features.get(route.label) ?? []), ...featuresOf(route, scenario)]);
    }
    this.#features = features;
  }

  close(): void {
    this.#client.close();
  }

  async compare(request: RoutedRequest, position: number): Promise<void> {
    const reached = await this.#actual(request, EVERYONE, 'policy of what was reached');
    this.#tally.cases++;
    this.#tally.count(`spelling: ${request.spelling}`);
    this.#tally.count(reached === undefined ? 'reached nothing' : 'reached a handler');
    if (reached !== undefined) {
      this.#tally.count(`method: ${request.method}`);
      if (reached !== request.route.label) {
        this.#tally.count('reached another route than it was made for');
      }
      for (const feature of new Set(this.#features.get(reached))) {
        this.#tally.count(feature);
      }
    }
    const hidden = hiddenHeaderSets(this.#scenario, this.#hidesVersion(request));
    const allowed = hidden.length > 1 ? await this.#reachable(request, hidden) : [reached ?? APPLICATION_WIDE];
    if (allowed.every((label) => this.#untouched.has(label))) {
      return this.#passedOn(request, allowed[0] as string);
    }
    const sibling = await this.#sibling(request, position);
    for (const label of allowed) {
      const uncacheable = allowed.length > 1 || (sibling !== undefined && sibling !== label);
      if (uncacheable) {
        this.#tally.count('not to be cached');
      }
      await this.#preflight(request, label, true, uncacheable);
    }
    const refused = this.#labels.filter((label) => !allowed.includes(label));
    const other = refused[position % Math.max(1, refused.length)];
    if (other !== undefined) {
      await this.#preflight(request, other, false, false);
    }
    const foreign = allowed.find((label) => label !== reached);
    if (reached !== undefined && foreign !== undefined) {
      this.#tally.count(
        `enforced, ${this.#scenario.constraints === undefined ? 'version' : 'constraint'} unknown to the preflight`,
      );
      await this.#enforced(request, foreign, reached);
    }
  }

  /** Whether the preflight cannot say which version the request will have. */
  #hidesVersion({ version }: RoutedRequest): boolean {
    const { versioning } = this.#scenario;
    return versioning === 'media-type' || versioning === 'custom' || (versioning === 'header' && version !== undefined);
  }

  /** The handlers that the URL and method reach with the given sets of headers. */
  async #reachable(request: RoutedRequest, sets: readonly Record<string, string>[]): Promise<string[]> {
    const labels = new Set<string>();
    for (const set of sets) {
      const headers = { ...this.#shown(request), ...set };
      const reached = await this.#actual({ ...request, headers }, EVERYONE, `policy with ${JSON.stringify(set)}`);
      if (reached !== undefined) {
        labels.add(reached);
      }
    }
    if (labels.size > 1) {
      this.#tally.count(
        this.#scenario.constraints === undefined ? 'several candidates' : 'several constrained candidates',
      );
    }
    return labels.size === 0 ? [APPLICATION_WIDE] : [...labels];
  }

  /** The handler of another method at the same URL. Browsers cache preflights by URL. */
  async #sibling(request: RoutedRequest, position: number): Promise<string | undefined> {
    const method = SIBLING_METHODS[position % SIBLING_METHODS.length] as string;
    return method === request.method
      ? undefined
      : this.#actual({ ...request, method }, EVERYONE, `policy of ${method}`);
  }

  /** Sends the request, checks the response headers and returns the handler that it reached. */
  async #actual(request: RoutedRequest, origin: string, what: string): Promise<string | undefined> {
    const noted = this.#app.watch();
    const { method, target } = request;
    const response = await this.#client.send({ method, path: target, headers: { ...request.headers, Origin: origin } });
    const wanted = {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': `x-${noted.label ?? APPLICATION_WIDE}`,
      vary: 'Origin',
    };
    this.#expect(
      request,
      what,
      noted.label,
      corsHeaders(response),
      this.#untouched.has(noted.label ?? '') ? {} : wanted,
    );
    return noted.label;
  }

  /** The preflight of a handler without a policy runs the handler for OPTIONS, and gets no CORS headers. */
  async #passedOn(request: RoutedRequest, label: string): Promise<void> {
    const headers = this.#shown(request);
    const options = await this.#actual({ ...request, method: 'OPTIONS', headers }, EVERYONE, 'policy of OPTIONS');
    this.#tally.count(options === undefined ? 'passed on' : 'passed on to a handler');
    for (const origin of [EVERYONE, originOf(options ?? label)]) {
      const noted = this.#app.watch();
      const response = await this.#client.send({
        method: 'OPTIONS',
        path: request.target,
        headers: { ...headers, Origin: origin, 'Access-Control-Request-Method': request.method },
      });
      const { vary: _, ...came } = corsHeaders(response);
      this.#expect(
        request,
        `passed-on preflight from ${origin}`,
        noted.label,
        { ...came, ran: `${noted.label}` },
        { ran: `${options}` },
      );
    }
  }

  async #preflight(request: RoutedRequest, label: string, allowed: boolean, uncacheable: boolean): Promise<void> {
    const origin = originOf(label);
    const names = this.#requestedNames(request);
    const noted = this.#app.watch();
    const response = await this.#client.send({
      method: 'OPTIONS',
      path: request.target,
      headers: {
        ...this.#shown(request),
        Origin: origin,
        'Access-Control-Request-Method': request.method,
        'Access-Control-Request-Headers': names,
      },
    });
    const { 'access-control-max-age': maxAge, ...headers } = corsHeaders(response);
    const what = `preflight from ${label}${allowed ? '' : ', which must be refused'}`;
    this.#expect(
      request,
      what,
      noted.label,
      { status: String(response.status), ...headers },
      {
        ...(allowed
          ? {
              status: '204',
              'access-control-allow-origin': origin,
              'access-control-allow-methods': request.method,
              ...(names === undefined ? {} : { 'access-control-allow-headers': names }),
            }
          : { status: '403' }),
        vary: PREFLIGHT_VARY,
      },
    );
    // No policy sets an age, so the preflight is uncacheable or has the browser's default of five seconds.
    if (noted.label !== undefined || noted.runs > 0 || maxAge !== (uncacheable ? '0' : allowed ? maxAge : undefined)) {
      this.#tally.disagreements.push(
        `${what}: ${request.method} ${request.target} ran ${noted.label}, max-age ${maxAge}, uncacheable ${uncacheable}`,
      );
    }
    if (maxAge !== undefined && maxAge !== '0') {
      this.#tally.disagreements.push(`${what}: ${request.method} ${request.target} may be kept for ${maxAge}`);
    }
  }

  /** A preflight may have allowed an origin for another version's handler. That origin must not run this handler. */
  async #enforced(request: RoutedRequest, foreign: string, reached: string): Promise<void> {
    const noted = this.#app.watch();
    const { method, target } = request;
    const headers = { ...request.headers, Origin: originOf(foreign) };
    const response = await this.#client.send({ method, path: target, headers });
    const came = { status: String(response.status), ran: String(noted.runs), ...corsHeaders(response) };
    this.#expect(request, `enforcement against ${foreign}`, reached, came, { status: '403', ran: '0', vary: 'Origin' });
  }

  #requestedNames({ headers }: RoutedRequest): string | undefined {
    const hidden = hiddenHeaders(this.#scenario);
    const names = Object.keys(headers).filter((name) => hidden.includes(name));
    return names.length === 0 ? undefined : names.join(',').toLowerCase();
  }

  /** The headers that a preflight also has. */
  #shown({ headers }: RoutedRequest): Record<string, string> {
    return headers.Host === undefined ? {} : { Host: headers.Host };
  }

  #expect(
    request: RoutedRequest,
    what: string,
    reached: string | undefined,
    came: CorsHeaders,
    wanted: CorsHeaders,
  ): void {
    const names = new Set([...Object.keys(came), ...Object.keys(wanted)]);
    const wrong = [...names].filter((name) => String(came[name]) !== String(wanted[name]));
    if (wrong.length > 0) {
      const { method, target, headers, spelling } = request;
      const details = wrong.map((name) => `${name}: ${came[name]} instead of ${wanted[name]}`).join('; ');
      this.#tally.disagreements.push(
        `${what}: ${method} ${target.slice(0, 100)} ${JSON.stringify(headers)} (${spelling}) reached ${reached}; ${details}`,
      );
    }
  }
}

/** The routes that a running application registered, for the report of a disagreement. */
export function describeRoutes({ running }: GeneratedApp): string {
  const entries = running.app.get(CorsRuntime).application?.routes.entries ?? [];
  return entries
    .map(
      ({ method, path, target, policy, versions }) =>
        `${method} ${path} -> ${target} ${versions?.map(String) ?? ''} ${policy.actualHeaders[1]}`,
    )
    .join('\n');
}
