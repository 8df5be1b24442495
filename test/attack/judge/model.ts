import { METHODS as NODE_METHODS } from 'node:http';
import { MALFORMED, matchesPattern } from '../draw/origins.js';
import {
  type ApplicationPlan,
  type ControllerPlan,
  type DeclarationPlan,
  type EnforcePlan,
  type HandlerPlan,
  labelOf,
  type OriginPlan,
  type PolicyPlan,
} from '../plan.js';

/** The expected behaviour of a route or path, in the slow and obvious way. Shares no code with the module. */
export interface ModelPolicy {
  readonly state: 'open' | 'untouched' | 'disabled';
  readonly origin: OriginPlan | undefined;
  readonly credentials: boolean;
  readonly methods: readonly string[] | undefined;
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAge: number | undefined;
  readonly enforce: EnforcePlan;
  /** The `enforce` that is only reported. */
  readonly wouldEnforce: EnforcePlan;
}

const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK'];
const SAFELISTED = ['GET', 'HEAD', 'POST'];
const NORMALIZED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

/** The policy of the handler with a label. */
export function policyOfHandler(plan: ApplicationPlan, label: string): ModelPolicy {
  for (const controller of plan.controllers) {
    for (const handler of controller.handlers) {
      if (labelOf(controller, handler) === label) {
        return cascade(plan, declarationsOf(controller, handler));
      }
    }
  }
  throw new Error(`There is no handler ${label}.`);
}

/** The policy of the application. */
export function modulePolicy(plan: ApplicationPlan): ModelPolicy {
  return merged([plan.module]);
}

/** The policies of all readings of a target without a handler. One policy if all agree. */
export function pathPolicies(plan: ApplicationPlan, target: string): ModelPolicy[] {
  const policies = readings(plan, target).map((path) => listedPolicy(plan, path) ?? modulePolicy(plan));
  return policies.filter((policy, index) => policies.findIndex((other) => isSame(other, policy)) === index);
}

/** The policies of the `paths` entries that contain a target in some reading. */
export function entriesNear(plan: ApplicationPlan, target: string): ModelPolicy[] {
  return readings(plan, target)
    .map((path) => listedPolicy(plan, path))
    .filter((policy) => policy !== undefined);
}

/** The readings of a path: as sent, decoded repeatedly or only its dots, with dots resolved, in another case. */
function readings({ platform, router }: ApplicationPlan, target: string): string[] {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '');
  const found = new Set<string>([path, ...(router.useSemicolonDelimiter ? [path.replace(/;.*$/, '')] : [])]);
  let decoded = path;
  for (let round = 0; round < 4; round++) {
    for (const reading of [decoded, decoded.replace(/%2e/gi, '.')]) {
      const turned = reading.replaceAll('\\', '/').replace(/\/{2,}/g, '/');
      for (const one of [reading, turned, resolved(turned), resolved(turned).toLowerCase()]) {
        found.add(one);
      }
    }
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      decoded = decoded.replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
    }
  }
  // A URL parser reads the first part of `//host/path` as a host.
  for (const reading of [...found]) {
    if (/^[/\\]{2}/.test(reading)) {
      found.add(reading.replace(/^[/\\]+[^/\\]*/, '').toLowerCase() || '/');
    }
  }
  const folds = platform === 'express' ? router['case sensitive routing'] !== true : router.caseSensitive === false;
  return folds ? [...new Set([...found].map((reading) => reading.toLowerCase()))] : [...found];
}

function resolved(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      kept.pop();
    } else if (segment !== '.') {
      kept.push(segment);
    }
  }
  const text = kept.join('/');
  return text.startsWith('/') ? text : `/${text}`;
}

function listedPolicy(plan: ApplicationPlan, path: string): ModelPolicy | undefined {
  const listed = plan.paths
    .filter((entry) => isBelow(path, entry.path))
    .sort((one, other) => other.path.length - one.path.length)[0];
  return listed === undefined ? undefined : policyOfEntry(plan, listed.policy);
}

function isBelow(path: string, entry: string): boolean {
  return path === entry || path.startsWith(`${entry}/`);
}

function policyOfEntry(plan: ApplicationPlan, policy: ApplicationPlan['paths'][number]['policy']): ModelPolicy {
  if (policy === 'untouched') {
    return merged([{}]);
  }
  if (policy === false) {
    return { ...merged([plan.module]), state: 'disabled' };
  }
  return typeof policy === 'string' ? merged([plan.policies[policy] ?? {}]) : merged([plan.module, policy]);
}

function declarationsOf(controller: ControllerPlan, handler: HandlerPlan): DeclarationPlan[] {
  const outermost = controller.inherits === 'none' ? [] : [controller.baseDeclaration];
  return [...outermost, controller.declaration, handler.declaration].filter((one) => one !== undefined);
}

/** Applies the decorators from the outermost to the innermost. */
function cascade(plan: ApplicationPlan, declarations: readonly DeclarationPlan[]): ModelPolicy {
  let levels: PolicyPlan[] = [plan.module];
  let state: 'open' | 'disabled' | 'untouched' = 'open';
  for (const declaration of declarations) {
    if (declaration.kind === 'disable') {
      state = 'disabled';
    } else if (declaration.kind === 'untouched') {
      state = 'untouched';
      levels = [plan.module];
    } else {
      const named = declaration.policy === undefined ? undefined : (plan.policies[declaration.policy] ?? {});
      const own = declaration.options ?? {};
      levels = named !== undefined ? [named, own] : state === 'open' ? [...levels, own] : [plan.module, own];
      state = 'open';
    }
  }
  const policy = merged(levels);
  return state === 'open' ? policy : { ...policy, state };
}

function merged(levels: readonly PolicyPlan[]): ModelPolicy {
  const options: PolicyPlan = Object.assign({}, ...levels);
  const { enforce = false, enforceReportOnly = false } = options;
  return {
    state: options.origin === undefined ? 'untouched' : 'open',
    origin: options.origin,
    credentials: options.credentials ?? false,
    methods: options.methods,
    allowedHeaders: (options.allowedHeaders ?? ['content-type']).map((name) => name.toLowerCase()),
    exposedHeaders: (options.exposedHeaders ?? []).map((name) => name.toLowerCase()),
    maxAge: options.maxAge,
    enforce: enforceReportOnly ? false : enforce,
    wouldEnforce: enforceReportOnly ? enforce : false,
  };
}

export function isSame(one: ModelPolicy, other: ModelPolicy): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

/** Whether browsers may cache the preflights of both policies for one URL. */
export function sharesPreflights(one: ModelPolicy, other: ModelPolicy): boolean {
  const identity = (policy: ModelPolicy) => {
    const { state, origin, credentials, methods, allowedHeaders } = comparable(policy);
    return JSON.stringify(state === 'open' ? { origin, credentials, methods, allowedHeaders } : state);
  };
  return identity(one) === identity(other);
}

function comparable(policy: ModelPolicy) {
  const { origin, methods, allowedHeaders, exposedHeaders } = policy;
  return {
    ...policy,
    origin: origin && { ...origin, origins: [...origin.origins].sort() },
    methods: methods && [...methods].sort(),
    allowedHeaders: [...allowedHeaders].sort(),
    exposedHeaders: [...exposedHeaders].sort(),
  };
}

export function allowsOrigin({ origin }: ModelPolicy, asked: string): boolean {
  if (origin === undefined) {
    return false;
  }
  if (origin.form === '*') {
    return true;
  }
  if (MALFORMED.includes(asked)) {
    return false;
  }
  return origin.origins.includes(asked) || (origin.form === 'pattern' && matchesPattern(asked, origin.pattern ?? ''));
}

/** Whether a policy allows a preflight for the method. */
export function allowsMethod({ methods }: ModelPolicy, method: string): boolean {
  if (!NODE_METHODS.includes(method) || FORBIDDEN.includes(method.toUpperCase())) {
    return false;
  }
  if (NORMALIZED.includes(method.toUpperCase()) && method !== method.toUpperCase()) {
    return false;
  }
  return methods === undefined || ['*', method].some((one) => methods.includes(one)) || SAFELISTED.includes(method);
}

export function allowsHeader({ allowedHeaders, credentials }: ModelPolicy, name: string): boolean {
  const lower = name.toLowerCase();
  return allowedHeaders.includes(lower) || (allowedHeaders.includes('*') && (credentials || lower !== 'authorization'));
}

/** Whether a policy only reports what it would refuse for a method, apart from exempt requests. */
export function rehearses(policy: ModelPolicy, method: string): boolean {
  return enforces({ ...policy, enforce: policy.wouldEnforce }, method);
}

/** Whether a policy is enforced for a method, apart from exempt requests. */
export function enforces({ enforce, state, origin }: ModelPolicy, method: string): boolean {
  const applies = enforce === 'all' || (enforce === 'unsafe-methods' && !['GET', 'HEAD', 'OPTIONS'].includes(method));
  return applies && state !== 'untouched' && origin?.form !== '*' ? true : applies && state === 'disabled';
}
