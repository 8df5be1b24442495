import type { DeclarationPlan, OriginForm, OriginPlan, PathPlan, PolicyPlan } from '../plan.js';
import { PATTERN, TRUSTED } from './origins.js';
import type { Random } from './random.js';

type Mutable<Plan> = { -readonly [Name in keyof Plan]: Plan[Name] };

/** The rules for the policies of one application, so that the draw never combines options that exclude each other. */
export interface Rules {
  /** Whether `'*'` is drawn. Otherwise credentials are. */
  readonly anyOrigin: boolean;
  /** Whether the module has an origin. Otherwise each decorator has one. */
  readonly moduleOrigin: boolean;
  readonly names: readonly string[];
  readonly enforce: boolean;
}

const FORMS: readonly OriginForm[] = ['list', 'list', 'pattern', 'predicate', 'promise', 'resolver', 'keyed resolver'];
const LISTED_PATHS = Object.freeze([
  '/users',
  '/items',
  '/svc',
  '/a',
  '/api',
  '/api/users',
  '/mounted',
  '/mounted/deep',
]);

/** Draws a CORS decorator. */
export function drawDeclaration(random: Random, rules: Rules): DeclarationPlan {
  if (random.oneIn(4)) {
    return random.oneIn(3) ? { kind: 'untouched' } : { kind: 'disable' };
  }
  if (rules.names.length > 0 && random.oneIn(3)) {
    const policy = random.pick(rules.names);
    return random.oneIn(2)
      ? { kind: 'cors', policy }
      : { kind: 'cors', policy, options: drawPolicy(random, rules, random.oneIn(2)) };
  }
  return rules.moduleOrigin && random.oneIn(4)
    ? { kind: 'cors' }
    : { kind: 'cors', options: drawPolicy(random, rules, !rules.moduleOrigin || random.oneIn(2)) };
}

/** Draws the entries of `paths`, each path once. */
export function drawPaths(random: Random, rules: Rules): PathPlan[] {
  const paths = [...new Set(random.list(1, 3, () => random.pick(LISTED_PATHS)))];
  return paths.map((path) => ({ path, policy: drawPathPolicy(random, rules) }));
}

function drawPathPolicy(random: Random, rules: Rules): PathPlan['policy'] {
  switch (random.below(4)) {
    case 0:
      return false;
    case 1:
      return 'untouched';
    case 2:
      return rules.names.length > 0 ? random.pick(rules.names) : false;
    default:
      return drawPolicy(random, rules, !rules.moduleOrigin || random.oneIn(2));
  }
}

/** @param origin whether the policy must have one */
export function drawPolicy(random: Random, rules: Rules, origin: boolean): PolicyPlan {
  const policy: Mutable<PolicyPlan> = { ...drawEnforce(random, rules) };
  if (origin) {
    policy.origin = drawOrigin(random, rules);
  }
  if (!rules.anyOrigin && random.oneIn(2)) {
    policy.credentials = random.oneIn(2);
  }
  if (random.oneIn(4)) {
    policy.methods = random.oneIn(4) ? ['*'] : random.some(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
  }
  if (random.oneIn(2)) {
    policy.allowedHeaders = random.oneIn(4)
      ? ['*']
      : random.some(['content-type', 'Authorization', 'x-a', 'X-B', 'x-api-version', 'x-custom-version', 'x-tenant']);
  }
  if (random.oneIn(3)) {
    policy.exposedHeaders = random.some(['x-total-count', 'etag']);
  }
  if (random.oneIn(2)) {
    policy.maxAge = random.pick([0, 60, 600]);
  }
  return policy;
}

const ENFORCE: readonly PolicyPlan[] = Object.freeze([
  { enforce: false },
  { enforce: false, enforceReportOnly: true },
  { enforce: 'unsafe-methods' },
  { enforce: 'unsafe-methods', enforceReportOnly: true },
  { enforce: 'all', enforceReportOnly: false },
  { enforce: 'all', enforceReportOnly: true },
]);

/** Draws `enforce` and `enforceReportOnly` of the module, or no option. */
export function drawEnforce(random: Random, rules: Rules): PolicyPlan {
  return rules.enforce && random.oneIn(2) ? random.pick(ENFORCE) : {};
}

function drawOrigin(random: Random, rules: Rules): OriginPlan {
  if (rules.anyOrigin && random.oneIn(2)) {
    return { form: '*', origins: [] };
  }
  const origins = random.some(TRUSTED);
  const form = random.pick(FORMS);
  return {
    form,
    origins: origins.length > 0 ? origins : [random.pick(TRUSTED)],
    ...(form === 'pattern' ? { pattern: PATTERN } : {}),
  };
}
