import { CorsRuntime } from '../../src/module/cors-runtime.js';
import { type CorsHeaders, corsHeaders } from '../support/cors-headers.js';
import type { RawResponse } from '../support/http-message.js';
import { RawConnection, type RawRequest } from '../support/raw-request.js';
import {
  APPLICATION_WIDE,
  type ApplicationModel,
  CUSTOM_HEADER,
  featuresOf,
  originOf,
  routesOf,
  type Scenario,
  VERSION_HEADER,
} from './application-model.js';
import { EVERYONE, type GeneratedApp } from './build-application.js';
import { type RoutedRequest, VERSIONS, versionHeaders } from './request-arbitrary.js';

const PREFLIGHT_VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

/** The methods whose handlers may share a URL with the one a preflight asks about. */
const SIBLING_METHODS = Object.freeze(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What the cases of a run came to. */
export class Tally {
  readonly counts = new Map<string, number>();
  readonly disagreements: string[] = [];
  cases = 0;

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}

/** Requests one after the other on one connection, opened again when the server closes it. */
class Client {
  #connection: RawConnection | undefined;

  constructor(private readonly port: number) {}

  async send(request: RawRequest): Promise<RawResponse> {
    this.#connection ??= await RawConnection.open({ port: this.port });
    try {
      this.#connection.send(request);
      const response = await this.#connection.receive();
      if (response.headerLines.some(([name, value]) => name.toLowerCase() === 'connection' && value === 'close')) {
        this.close();
      }
      return response;
    } catch (error) {
      this.close();
      throw new Error(`${request.method} ${request.path}: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}

/** Compares what requests reach with what their preflights were answered by, and notes every disagreement. */
export class LookupComparison {
  readonly #client: Client;
  readonly #labels: readonly string[];
  readonly #features: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly app: GeneratedApp,
    model: ApplicationModel,
    private readonly scenario: Scenario,
    private readonly tally: Tally,
  ) {
    this.#client = new Client(app.running.port);
    const routes = routesOf(model);
    this.#labels = [...new Set([APPLICATION_WIDE, ...routes.map(({ label }) => label)])];
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
    this.tally.cases++;
    this.tally.count(`spelling: ${request.spelling}`);
    this.tally.count(reached === undefined ? 'reached nothing' : 'reached a handler');
    if (reached !== undefined) {
      this.tally.count(`method: ${request.method}`);
      if (reached !== request.route.label) {
        this.tally.count('reached another route than it was made for');
      }
      for (const feature of new Set(this.#features.get(reached))) {
        this.tally.count(feature);
      }
    }
    const allowed = this.#hidesVersion(request) ? await this.#reachable(request) : [reached ?? APPLICATION_WIDE];
    const sibling = await this.#sibling(request, position);
    for (const label of allowed) {
      const uncacheable = sibling !== undefined && sibling !== label;
      if (uncacheable) {
        this.tally.count('not to be cached');
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
      this.tally.count('enforced, version unknown to the preflight');
      await this.#enforced(request, foreign, reached);
    }
  }

  /** Whether the preflight can not say which version the request will ask for. */
  #hidesVersion({ version }: RoutedRequest): boolean {
    const { versioning } = this.scenario;
    return versioning === 'media-type' || versioning === 'custom' || (versioning === 'header' && version !== undefined);
  }

  /** What the URL and method reach with one version or another. */
  async #reachable(request: RoutedRequest): Promise<string[]> {
    const labels = new Set<string>();
    for (const version of VERSIONS) {
      const headers = { ...this.#withoutVersion(request), ...versionHeaders(this.scenario, version) };
      const reached = await this.#actual({ ...request, headers }, EVERYONE, `policy for version ${version}`);
      if (reached !== undefined) {
        labels.add(reached);
      }
    }
    if (labels.size > 1) {
      this.tally.count('several candidates');
    }
    return labels.size === 0 ? [APPLICATION_WIDE] : [...labels];
  }

  /** What another method reaches at the same URL; browsers keep preflights by URL. */
  async #sibling(request: RoutedRequest, position: number): Promise<string | undefined> {
    const method = SIBLING_METHODS[position % SIBLING_METHODS.length] as string;
    return method === request.method
      ? undefined
      : this.#actual({ ...request, method }, EVERYONE, `policy of ${method}`);
  }

  /** Sends the request, checks the headers it comes back with and says what it reached. */
  async #actual(request: RoutedRequest, origin: string, what: string): Promise<string | undefined> {
    const noted = this.app.watch();
    const { method, target } = request;
    const response = await this.#client.send({ method, path: target, headers: { ...request.headers, Origin: origin } });
    this.#expect(request, what, noted.label, corsHeaders(response), {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': `x-${noted.label ?? APPLICATION_WIDE}`,
      vary: 'Origin',
    });
    return noted.label;
  }

  async #preflight(request: RoutedRequest, label: string, allowed: boolean, uncacheable: boolean): Promise<void> {
    const origin = originOf(label);
    const names = this.#requestedNames(request);
    const noted = this.app.watch();
    const response = await this.#client.send({
      method: 'OPTIONS',
      path: request.target,
      headers: {
        ...this.#withoutVersion(request),
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
    // No policy sets an age: it is either kept out of caches or left to the browser's five seconds.
    if (noted.label !== undefined || noted.runs > 0 || maxAge !== (uncacheable ? '0' : allowed ? maxAge : undefined)) {
      this.tally.disagreements.push(
        `${what}: ${request.method} ${request.target} ran ${noted.label}, max-age ${maxAge}, uncacheable ${uncacheable}`,
      );
    }
    if (maxAge !== undefined && maxAge !== '0') {
      this.tally.disagreements.push(`${what}: ${request.method} ${request.target} may be kept for ${maxAge}`);
    }
  }

  /** An origin that the preflight let in for another version's handler must not run this one. */
  async #enforced(request: RoutedRequest, foreign: string, reached: string): Promise<void> {
    const noted = this.app.watch();
    const { method, target } = request;
    const headers = { ...request.headers, Origin: originOf(foreign) };
    const response = await this.#client.send({ method, path: target, headers });
    const came = { status: String(response.status), ran: String(noted.runs), ...corsHeaders(response) };
    this.#expect(request, `enforcement against ${foreign}`, reached, came, { status: '403', ran: '0', vary: 'Origin' });
  }

  #requestedNames({ headers }: RoutedRequest): string | undefined {
    const names = Object.keys(headers).filter((name) => name === VERSION_HEADER || name === CUSTOM_HEADER);
    return names.length === 0 ? undefined : names.join(',').toLowerCase();
  }

  #withoutVersion({ headers }: RoutedRequest): Record<string, string> {
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
      this.tally.disagreements.push(
        `${what}: ${method} ${target.slice(0, 100)} ${JSON.stringify(headers)} (${spelling}) reached ${reached}; ${details}`,
      );
    }
  }
}

/** The routes of a running application, as it registered them: for the report of a disagreement. */
export function describeRoutes({ running }: GeneratedApp): string {
  const entries = running.app.get(CorsRuntime).policies?.entries ?? [];
  return entries
    .map(
      ({ method, path, target, policy, versions }) =>
        `${method} ${path} -> ${target} ${versions?.map(String) ?? ''} ${policy.actualHeaders[1]}`,
    )
    .join('\n');
}
