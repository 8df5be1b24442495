import { type BuiltApplication, buildApplication } from '../../../attack/application/build.js';
import { drawApplication } from '../../../attack/draw/draw-application.js';
import { Random } from '../../../attack/draw/random.js';
import type { ApplicationPlan } from '../../../attack/plan.js';
import type { Environment } from '../../environment.js';
import { Arrivals } from '../../servers/arrivals.js';
import { type ApiPlaces, apiPlaces, type PagePlaces } from '../../servers/places.js';
import type { PageName } from '../matrix/row.js';
import { Control } from './control.js';
import { drawCase, type PageOrigins } from './draw/draw-case.js';
import { placeApplication } from './draw/place-application.js';
import type { JudgedRequest, LibraryCase } from './library-case.js';
import { policiesOf } from './model/route-model.js';
import { surround } from './surroundings.js';

/** Pages that policies may allow, and pages that differ from one of them in one step. */
const PAGES: readonly PageName[] = Object.freeze([
  'app',
  'deep',
  'neighbour',
  'otherPort',
  'otherScheme',
  'lookalike',
  'apex',
  'evilApex',
  'suffixed',
  'evil',
  'sandbox',
  'api',
] as const);

/** One random application with the module, and the pages that call it. */
export interface LibraryApplication {
  readonly name: string;
  readonly plan: ApplicationPlan;
  readonly environment: Environment;
  readonly places: PagePlaces & ApiPlaces;
  readonly built: BuiltApplication;
  readonly arrivals: Arrivals;
}

/** A case, its application, and what is known about each of its requests. */
export interface PreparedCase extends LibraryCase {
  readonly application: LibraryApplication;
  readonly judged: readonly JudgedRequest[];
}

export interface Library {
  readonly seed: number;
  readonly applications: readonly LibraryApplication[];
  readonly cases: readonly PreparedCase[];
}

/** How much is drawn. */
export interface LibrarySize {
  /** In each environment. */
  readonly applications: number;
  readonly casesOfEach: number;
}

/**
 * Starts random applications in each environment, draws the requests of pages, and asks the model for their results.
 *
 * @param closers receives a function that ends each application as soon as it runs
 * @throws {Error} if an application starts only without the module
 */
export async function prepareLibrary(
  environments: readonly Environment[],
  seed: number,
  { applications: wanted, casesOfEach }: LibrarySize,
  closers: (() => unknown)[],
): Promise<Library> {
  const random = new Random(seed);
  const applications: LibraryApplication[] = [];
  const cases: PreparedCase[] = [];
  for (const environment of environments) {
    const { certificate } = environment;
    for (let count = 0; count < wanted; ) {
      const own = random.branch();
      const plan = placeApplication(own, drawApplication(own, environment.platform), environment);
      const control = await startControl(plan);
      if (control === undefined) {
        continue;
      }
      count += 1;
      try {
        const built = await buildApplication(plan, true, { certificate, configure: surround });
        closers.push(() => built.running.close());
        const name = `${environment.name}, application ${applications.length}`;
        const application = watch(name, plan, environment, built);
        applications.push(application);
        cases.push(...(await prepareCases(own, application, control, casesOfEach, cases.length)));
      } finally {
        await control.close();
      }
    }
  }
  return { seed, applications, cases };
}

/** `undefined` if the router does not accept the routes. */
async function startControl(plan: ApplicationPlan): Promise<Control | undefined> {
  const control = await buildApplication(plan, false, { configure: surround }).catch(() => undefined);
  return control && new Control(plan, control);
}

function watch(
  name: string,
  plan: ApplicationPlan,
  environment: Environment,
  built: BuiltApplication,
): LibraryApplication {
  const { app, port } = built.running;
  const arrivals = new Arrivals();
  arrivals.watch(app.getHttpServer());
  const { scheme, domain, places: ofPages } = environment;
  const places = { ...ofPages, ...apiPlaces(scheme, domain, port, port) };
  return { name, plan, environment, places, built, arrivals };
}

async function prepareCases(
  random: Random,
  application: LibraryApplication,
  control: Control,
  count: number,
  first: number,
): Promise<PreparedCase[]> {
  const pages = pagesOf(application);
  const cases: PreparedCase[] = [];
  while (cases.length < count) {
    const drawn = drawCase(random, application.plan, pages, String(first + cases.length));
    const judged = await judgeCase(drawn, application, control);
    if (judged.length > 0) {
      cases.push({ ...drawn, requests: drawn.requests.slice(0, judged.length), application, judged });
    }
  }
  return cases;
}

/** Asks the application without the module. Leaves out what the model does not know. */
async function judgeCase(
  drawn: LibraryCase,
  { plan, places }: LibraryApplication,
  control: Control,
): Promise<JudgedRequest[]> {
  const apiOrigin = places[drawn.to];
  const judged: JudgedRequest[] = [];
  for (const request of drawn.requests) {
    const facts = await control.ask(drawn, request, new URL(apiOrigin).host);
    judged.push({ plan, origin: originOf(drawn.from, places), apiOrigin, path: drawn.path, request, control: facts });
  }
  const policies = judged.map(policiesOf);
  if (policies[0] === undefined) {
    return []; // the path can be read as two with different policies
  }
  // Preflights are cached by URL. They belong to one handler only if both requests reach handlers with our policies.
  const isPair = policies.every((one) => one?.routed && one.own.state !== 'untouched');
  return isPair ? judged : judged.slice(0, 1);
}

function pagesOf({ environment: { scheme, domain }, places }: LibraryApplication): PageOrigins {
  // On a secure page, plain http is mixed content unless the host is loopback.
  const pages = PAGES.filter((name) => name !== 'otherScheme' || scheme === 'https' || domain === 'localhost');
  return pages.map((name) => [name, originOf(name, places)]);
}

function originOf(page: PageName, places: PagePlaces & ApiPlaces): string {
  return page === 'sandbox' ? 'null' : places[page as keyof typeof places];
}
