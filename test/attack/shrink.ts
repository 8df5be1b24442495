import type { Check } from './judge/found.js';
import type { ApplicationPlan, CasePlan, ControllerPlan, HandlerPlan } from './plan.js';

/** Whether a case still has a violation of the same kind. */
export type StillFails = (plan: CasePlan) => Promise<boolean>;

/** The maximum number of smaller cases to try. */
const MOST_TRIES = 400;

/** Removes parts of a failing case as long as it fails in the same way. */
export async function shrink(plan: CasePlan, stillFails: StillFails): Promise<CasePlan> {
  let smallest = plan;
  let tries = 0;
  for (let found = true; found; ) {
    found = false;
    for (const smaller of smallerCases(smallest)) {
      if (++tries > MOST_TRIES) {
        return smallest;
      }
      if (await stillFails(smaller)) {
        smallest = smaller;
        found = true;
        break;
      }
    }
  }
  return smallest;
}

/** Cases with one part removed, the largest parts first. */
function* smallerCases({ application, requests }: CasePlan): Iterable<CasePlan> {
  if (requests.length > 1) {
    const half = Math.ceil(requests.length / 2);
    yield { application, requests: requests.slice(0, half) };
    yield { application, requests: requests.slice(half) };
    for (let index = 0; index < requests.length; index++) {
      yield { application, requests: without(requests, index) };
    }
  }
  for (const smaller of smallerApplications(application)) {
    yield { application: smaller, requests };
  }
}

function* smallerApplications(plan: ApplicationPlan): Iterable<ApplicationPlan> {
  const { controllers, paths } = plan;
  if (controllers.length > 1) {
    for (let index = 0; index < controllers.length; index++) {
      yield { ...plan, controllers: without(controllers, index) };
    }
  }
  for (let index = 0; index < paths.length; index++) {
    yield { ...plan, paths: without(paths, index) };
  }
  for (const name of ['prefix', 'modulePath', 'versioning'] as const) {
    if (plan[name] !== undefined) {
      const { [name]: _, ...rest } = plan;
      yield rest;
    }
  }
  if (plan.middleware !== 'none') {
    yield { ...plan, middleware: 'none' };
  }
  if (plan.scopedInterceptor) {
    yield { ...plan, scopedInterceptor: false };
  }
  if (plan.http2) {
    yield { ...plan, http2: false };
  }
  if (Object.keys(plan.router).length > 0) {
    yield { ...plan, router: {} };
  }
  for (const [index, controller] of controllers.entries()) {
    for (const smaller of smallerControllers(controller)) {
      yield { ...plan, controllers: replaced(controllers, index, smaller) };
    }
  }
  for (const name of Object.keys(plan.module) as (keyof ApplicationPlan['module'])[]) {
    if (name !== 'origin') {
      const { [name]: _, ...module } = plan.module;
      yield { ...plan, module };
    }
  }
}

function* smallerControllers(controller: ControllerPlan): Iterable<ControllerPlan> {
  const { handlers } = controller;
  if (handlers.length > 1) {
    for (let index = 0; index < handlers.length; index++) {
      yield { ...controller, handlers: without(handlers, index) };
    }
  }
  for (const name of ['host', 'version', 'declaration', 'baseDeclaration'] as const) {
    if (controller[name] !== undefined) {
      const { [name]: _, ...rest } = controller;
      yield rest;
    }
  }
  if (controller.scoped) {
    yield { ...controller, scoped: false };
  }
  if (controller.inModule) {
    yield { ...controller, inModule: false };
  }
  if (controller.inherits !== 'none' && controller.baseDeclaration === undefined) {
    yield { ...controller, inherits: 'none' };
  }
  for (const [index, handler] of handlers.entries()) {
    for (const smaller of smallerHandlers(handler)) {
      yield { ...controller, handlers: replaced(handlers, index, smaller) };
    }
  }
}

function* smallerHandlers(handler: HandlerPlan): Iterable<HandlerPlan> {
  for (const name of ['version', 'tenant', 'declaration', 'foreign'] as const) {
    if (handler[name] !== undefined) {
      const { [name]: _, ...rest } = handler;
      yield rest;
    }
  }
  if (handler.answer !== 'text') {
    yield { ...handler, answer: 'text' };
  }
  if (handler.bound) {
    yield { ...handler, bound: false };
  }
  if (handler.guarded) {
    yield { ...handler, guarded: false };
  }
  const { declaration } = handler;
  if (declaration?.kind === 'cors' && declaration.options !== undefined) {
    for (const name of Object.keys(declaration.options) as (keyof typeof declaration.options)[]) {
      const { [name]: _, ...options } = declaration.options;
      yield { ...handler, declaration: { ...declaration, options } };
    }
  }
}

/** The kinds of violation that a smaller case must have to replace the larger one. */
export function isOfKind(violations: readonly { readonly check: Check }[], check: Check): boolean {
  return violations.some((violation) => violation.check === check);
}

function without<Value>(values: readonly Value[], index: number): Value[] {
  return values.filter((_, at) => at !== index);
}

function replaced<Value>(values: readonly Value[], index: number, value: Value): Value[] {
  return values.map((one, at) => (at === index ? value : one));
}
