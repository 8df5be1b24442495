import type { CompiledApplication } from '../boot/compile-application.js';
import { type SecurityHook, STAND_IN } from '../http/enforcement/csrf-exclusion.js';
import { enforcesMethod } from '../http/enforcement/enforced-requests.js';
import type { HttpPlatform } from '../http/http-platform.js';
import type { OriginPattern } from '../origin/pattern/origin-pattern.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { MODULE_TARGET, type PolicySource, pathTarget } from '../policy/policy-source.js';
import type { CorsWarning } from '../validation/problems/problem.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import { StandInResponse, standInRequest } from './stand-in.js';

/** At most this many requests are tried, and so many origins are named, because lists may be long. */
const MOST_TRIED = 5_000;
const MOST_NAMED = 5;

/** A place with a policy, and a request that it decides about. */
interface Place {
  readonly target: PolicySource;
  readonly policy: CompiledPolicy;
  readonly method: string;
  readonly url: string;
}

/**
 * Finds the origins that policies list together with credentials, and that Nest's CSRF protection refuses. Its options
 * cannot be read, so this passes it requests that were never sent. That calls the `exclude` function of the application.
 */
export function refusedByCsrf(
  application: Pick<CompiledApplication, 'policies' | 'routes'>,
  platform: HttpPlatform,
  hook: SecurityHook,
): CorsWarning[] {
  const refuses = csrfCheck(platform, hook);
  let left = MOST_TRIED;
  return placesOf(application).flatMap(({ target, policy, method, url }) => {
    const refused: string[] = [];
    for (const [text, origin] of listedOrigins(policy)) {
      if (refused.length > MOST_NAMED || left <= 0) {
        break;
      }
      left -= 1;
      if (refuses(method, url, origin)) {
        refused.push(quoteValue(text));
      }
    }
    return refused.length === 0 ? [] : [warning(target, refused)];
  });
}

function warning(target: PolicySource, origins: readonly string[]): CorsWarning {
  const named = `${origins.slice(0, MOST_NAMED).join(', ')}${origins.length > MOST_NAMED ? ' and others' : ''}`;
  return {
    code: 'csrf-refuses-allowed',
    targets: [target],
    message: `This policy allows credentials from ${named}, but enableCsrfProtection() refuses the POST, PUT, PATCH and DELETE requests of their pages with 403.`,
    remedy:
      "Write `app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() })`. It takes your own predicate: `csrfExclude((request) => request.url === '/webhooks')`. Or list the origins in `trustedOrigins`, which trusts them on every route and knows no patterns. If you mean to refuse them, or if your own `exclude` needs more of a request than its method, URL and Origin: `diagnostics: { silence: ['csrf-refuses-allowed'] }`.",
  };
}

/** The module is a place of its own only if no handler has its policy: its URLs are not known then. */
function placesOf({
  policies: { applicationWide, paths },
  routes: { entries },
}: Pick<CompiledApplication, 'policies' | 'routes'>): Place[] {
  const handlers = entries.filter(({ method }) => enforcesMethod('unsafe-methods', method));
  const places: Place[] = handlers.map(({ target, policy, method, path }) => ({ target, policy, method, url: path }));
  for (const { path, policy } of paths) {
    places.push({ target: pathTarget(path), policy, method: 'POST', url: path });
  }
  if (!places.some(({ policy }) => policy === applicationWide)) {
    places.push({ target: MODULE_TARGET, policy: applicationWide, method: 'POST', url: '/' });
  }
  return places;
}

/** The origins and patterns that a policy lists together with credentials, each with an origin that it allows. */
function* listedOrigins({ credentials, origins }: CompiledPolicy): Iterable<readonly [text: string, origin: string]> {
  if (credentials && origins?.kind === 'static') {
    for (const origin of origins.exact) {
      yield [origin, origin];
    }
    for (const pattern of origins.patterns) {
      yield [pattern.text, sampleOf(pattern)];
    }
  }
}

function sampleOf({ scheme, host, port, subdomains, label }: OriginPattern): string {
  const name = label === undefined ? `${subdomains ? 'a.' : ''}` : `${label.before}a${label.after}.`;
  return `${scheme}://${name}${host}${port === '' ? '' : `:${port === '*' ? 1 : port}`}`;
}

/** Whether CSRF protection refuses a request. One stand-in serves for all, because Fastify numbers its requests. */
function csrfCheck(
  platform: HttpPlatform,
  hook: SecurityHook,
): (method: string, url: string, origin: string) => boolean {
  const raw = standInRequest('POST', '/', { 'sec-fetch-site': 'cross-site' }, true);
  const request = platform.requestOf(raw);
  const response = new StandInResponse(raw);
  platform.present(request, response);
  Object.defineProperty(request, STAND_IN, { value: true });
  return (method, url, origin) => {
    Object.assign(raw, { method, url, originalUrl: url });
    Object.assign(raw.headers, { origin });
    try {
      return hook(request, response) !== undefined;
    } catch {
      return false; // The application's own function cannot read a stand-in, so the outcome is unknown.
    }
  };
}
