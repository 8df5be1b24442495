import type { Random } from '../../../../attack/draw/random.js';
import type {
  ApplicationPlan,
  ControllerPlan,
  DeclarationPlan,
  HandlerAnswer,
  HandlerMethod,
  HandlerPlan,
  OriginPlan,
  PolicyPlan,
} from '../../../../attack/plan.js';
import type { Environment } from '../../../environment.js';
import type { PagePlaces } from '../../../servers/places.js';

/** The page that takes the place of an origin of the attack. Native applications have none. */
const PAGES: Readonly<Record<string, keyof PagePlaces>> = Object.freeze({
  'https://app.example.com': 'app',
  'https://admin.example.com': 'deep',
  'https://partner.test': 'neighbour',
  'https://partner.test:8443': 'otherPort',
  'http://localhost:3000': 'otherScheme',
});

const ANSWERS: readonly HandlerAnswer[] = [
  'text',
  'text',
  'conflict',
  'error',
  'raw',
  'own headers',
  'later',
  'stream',
  'nothing',
  'opens itself',
];

const SIBLING_METHODS: readonly HandlerMethod[] = ['GET', 'POST', 'DELETE', 'PUT'];
const EXPOSED = Object.freeze(['x-total-count', 'etag', 'X-Request-Id']);

/**
 * Converts an application of the attack to one that pages can call: its policies allow pages of the environment, and
 * its hosts are names of the API. What pages cannot send is removed.
 */
export function placeApplication(random: Random, plan: ApplicationPlan, environment: Environment): ApplicationPlan {
  const placing = new Placing(random, plan, environment);
  return {
    ...plan,
    http2: false,
    middleware: 'none',
    module: placing.policy(plan.module),
    policies: Object.fromEntries(Object.entries(plan.policies).map(([name, policy]) => [name, placing.policy(policy)])),
    paths: plan.paths.map(({ path, policy }) => ({
      path,
      policy: typeof policy === 'object' ? placing.policy(policy) : policy,
    })),
    controllers: plan.controllers.map((controller) => placing.controller(controller)),
  };
}

class Placing {
  readonly #random: Random;
  readonly #environment: Environment;
  /** Whether some policy allows every origin. Then no policy has credentials. */
  readonly #anyOrigin: boolean;

  constructor(random: Random, plan: ApplicationPlan, environment: Environment) {
    this.#random = random;
    this.#environment = environment;
    this.#anyOrigin = JSON.stringify(plan).includes('"form":"*"');
  }

  policy(policy: PolicyPlan): PolicyPlan {
    const { origin, allowedHeaders, exposedHeaders } = policy;
    const random = this.#random;
    const exposes = exposedHeaders !== undefined || random.oneIn(3);
    const hasCredentials = policy.credentials ?? (!this.#anyOrigin && random.oneIn(3) ? true : undefined);
    return {
      ...policy,
      ...(random.oneIn(3) && { enforce: random.pick(['all', 'all', 'unsafe-methods']), enforceReportOnly: false }),
      ...(origin && { origin: this.#origin(origin) }),
      ...(allowedHeaders && { allowedHeaders: allowedHeaders.map((name) => (name === 'x-tenant' ? 'x-key' : name)) }),
      ...(exposes && { exposedHeaders: random.some(this.#anyOrigin ? [...EXPOSED, '*'] : EXPOSED) }),
      ...(hasCredentials && { credentials: true, dangerouslyAllowInsecureOrigins: true }),
    };
  }

  controller(controller: ControllerPlan): ControllerPlan {
    const { host, declaration, baseDeclaration } = controller;
    const hosts = { 'a.test': 'api.shop', ':tenant.b.test': ':tenant.other' } as Readonly<Record<string, string>>;
    return {
      ...controller,
      ...(host && { host: `${hosts[host]}.${this.#environment.domain}` }),
      ...(declaration && { declaration: this.#declaration(declaration) }),
      ...(baseDeclaration && { baseDeclaration: this.#declaration(baseDeclaration) }),
      handlers: this.#siblings(controller.handlers).map((handler) => this.#handler(handler)),
    };
  }

  /** Often moves all handlers of a controller to one URL, where a browser may use the preflight of one for another. */
  #siblings(handlers: readonly HandlerPlan[]): readonly HandlerPlan[] {
    const path = handlers[0]?.path ?? [];
    return this.#random.oneIn(2)
      ? handlers
      : handlers.map((handler, index) => ({ ...handler, path, method: SIBLING_METHODS[index] ?? handler.method }));
  }

  #handler({ tenant: _, declaration, ...handler }: HandlerPlan): HandlerPlan {
    return {
      ...handler,
      ...(declaration && { declaration: this.#declaration(declaration) }),
      answer: this.#random.pick(ANSWERS),
    };
  }

  #declaration(declaration: DeclarationPlan): DeclarationPlan {
    return declaration.kind === 'cors' && declaration.options
      ? { ...declaration, options: this.policy(declaration.options) }
      : declaration;
  }

  #origin({ form, origins }: OriginPlan): OriginPlan {
    const { places } = this.#environment;
    const isPattern = form === 'pattern' || (form === 'list' && this.#random.oneIn(3));
    const placed = origins.map((origin) => {
      const page = PAGES[origin];
      return page === undefined ? origin : places[page];
    });
    return isPattern ? { form: 'pattern', origins: placed, pattern: this.#pattern() } : { form, origins: placed };
  }

  #pattern(): string {
    const { app } = this.#environment.places;
    const { protocol, hostname, port } = new URL(app);
    const parent = hostname.slice(hostname.indexOf('.'));
    return this.#random.pick([
      `${protocol}//*${parent}:${port}`,
      `${protocol}//*app${parent}:${port}`,
      `${protocol}//${hostname}:*`,
    ]);
  }
}
