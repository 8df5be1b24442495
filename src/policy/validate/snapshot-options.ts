import type { Target } from '../merged-policy.js';
import { type CorsPolicyOptions, POLICY_PROPERTIES, type PolicyProperty } from '../policy-options.js';
import type { CorsProblem, ProblemCode } from '../problem.js';
import { closestName } from './closest-name.js';
import { correctedOption } from './corrected-option.js';
import { foreignName } from './foreign-names.js';
import { quoteName, quoteValue, sourceText } from './quote-value.js';

/** Options of `CorsModule.forRoot` that a single policy does not have. */
const MODULE_ONLY: readonly string[] = ['policies', 'paths', 'resolver', 'diagnostics'];

/** How the options at one place are read. */
export interface SnapshotRules<Extra extends string = never> {
  /** Names known at this place besides the policy's own; their values are taken over as they are. */
  readonly extraNames?: readonly Extra[];
  /**
   * What an explicit `origin: undefined` means: in a decorator it is not set (the default); at the module, in a named
   * policy and in a path policy it is `'missing'`, most likely an environment variable without a value.
   */
  readonly undefinedOrigin?: 'unset' | 'missing';
}

/** A frozen copy of what the user wrote. The values are unchecked: `validatePolicy` looks at them once merged. */
export type OptionsSnapshot<Extra extends string = never> = CorsPolicyOptions & {
  readonly [name in Extra]?: unknown;
};

/**
 * Takes a frozen copy of the options written at one place: own properties only, each read once, known ones only, lists
 * copied. What the user does to the object afterwards changes nothing, and the object is left as it is.
 *
 * Reports `option-unknown`, `option-type` (not an object, or a getter that throws) and `origin-missing`.
 *
 * @param value what the user passed; `undefined` is the empty policy
 * @param target the place, for example `CorsModule` or `UsersController.remove`
 * @param problems receives what is wrong
 */
export function snapshotOptions<Extra extends string = never>(
  value: unknown,
  target: Target,
  problems: CorsProblem[],
  rules: SnapshotRules<Extra> = {},
): OptionsSnapshot<Extra> {
  const snapshot: Record<string, unknown> = Object.create(null);
  const report = (code: ProblemCode, property: string | undefined, bad: unknown, message: string, remedy: string) => {
    problems.push(
      Object.freeze({
        code,
        targets: Object.freeze([target]),
        ...(property === undefined ? {} : { property }),
        value: bad,
        message,
        remedy,
      }),
    );
  };
  if (value !== undefined && !isOptionsObject(value)) {
    report(
      'option-type',
      undefined,
      value,
      `the options are ${quoteValue(value)} but must be an object (set at ${target}).`,
      `Write the options as an object, for example \`{ origin: 'https://app.example.com' }\`${adviceAgainst(value)}.`,
    );
    return Object.freeze(snapshot) as OptionsSnapshot<Extra>;
  }
  const extraNames: readonly string[] = rules.extraNames ?? [];
  const known = [...POLICY_PROPERTIES, ...extraNames];
  const unknown: string[] = [];
  for (const name of ownNames(value, () =>
    report(
      'option-type',
      undefined,
      value,
      `the options are ${quoteValue(value)} and cannot be read (set at ${target}).`,
      "Pass a plain object, for example `{ origin: 'https://app.example.com' }`.",
    ),
  )) {
    if (!known.includes(name)) {
      unknown.push(name);
      continue;
    }
    try {
      snapshot[name] = copied((value as Record<string, unknown>)[name]);
    } catch (error) {
      const property = name as PolicyProperty;
      const example = extraNames.includes(name)
        ? `\`${name}: {}\``
        : `\`${name}: ${sourceText(correctedOption(property, undefined, safetyOf(snapshot)))}\``;
      report(
        'option-type',
        name,
        undefined,
        `reading ${name} threw ${quoteValue(errorText(error))} (set at ${target}).`,
        `Pass a plain value instead of a getter, for example ${example}.`,
      );
    }
  }
  for (const name of unknown) {
    report(
      'option-unknown',
      name,
      dataValue(value, name),
      `${quoteName(name)} is not an option (set at ${target}).`,
      unknownRemedy(name, dataValue(value, name), known, snapshot),
    );
  }
  if ('origin' in snapshot && snapshot.origin === undefined && rules.undefinedOrigin === 'missing') {
    report(
      'origin-missing',
      'origin',
      undefined,
      `origin is undefined, as from an environment variable that is not set (set at ${target}).`,
      "Give it a value, for example `origin: 'https://app.example.com'`, or leave the property out for no cross-origin access.",
    );
  }
  for (const name of Object.keys(snapshot)) {
    if (snapshot[name] === undefined) {
      delete snapshot[name];
    }
  }
  return Object.freeze(snapshot) as OptionsSnapshot<Extra>;
}

function isOptionsObject(value: unknown): value is object {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !isPromise(value);
  } catch {
    // A proxy may refuse to say what it is.
    return false;
  }
}

function isPromise(value: unknown): boolean {
  try {
    return value instanceof Promise;
  } catch {
    return false;
  }
}

function adviceAgainst(value: unknown): string {
  if (typeof value === 'function' || isPromise(value)) {
    return '; what is only known later goes to `CorsModule.forRootAsync({ useFactory: () => options })`';
  }
  return '';
}

/** Own names in a stable order. `__proto__`, as from parsed JSON, is nobody's option. */
function ownNames(value: object | undefined, unreadable: () => void): string[] {
  try {
    return value === undefined ? [] : Object.getOwnPropertyNames(value).filter((name) => name !== '__proto__');
  } catch {
    // A proxy may refuse to list its properties.
    unreadable();
    return [];
  }
}

function copied(value: unknown): unknown {
  return Array.isArray(value) ? Object.freeze(Array.from(value)) : value;
}

/** A value as it stands in the object; a getter is not asked. */
function dataValue(value: unknown, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function errorText(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}

function safetyOf(snapshot: Readonly<Record<string, unknown>>) {
  return {
    credentials: snapshot.credentials === true,
    insecureAllowed: snapshot.dangerouslyAllowInsecureOrigins === true,
  };
}

function unknownRemedy(
  name: string,
  value: unknown,
  known: readonly string[],
  snapshot: Readonly<Record<string, unknown>>,
): string {
  const foreign = foreignName(name);
  const here = foreign === undefined ? closestName(name, known) : foreign.here;
  const advice = foreign?.advice === undefined ? '' : `${foreign.advice}. `;
  if (here !== undefined && (POLICY_PROPERTIES as readonly string[]).includes(here)) {
    const code = `${here}: ${sourceText(correctedOption(here as PolicyProperty, value, safetyOf(snapshot)))}`;
    return `${advice}${foreign === undefined ? 'Did you mean' : 'Write'} \`${code}\`${foreign === undefined ? '?' : '.'}`;
  }
  if (here !== undefined) {
    return `Did you mean \`${here}\`?`;
  }
  if (advice !== '') {
    return advice.trimEnd();
  }
  if (MODULE_ONLY.includes(name)) {
    return `Move it to the module: \`CorsModule.forRoot({ ${name}: ... })\`.`;
  }
  return `Remove it, or use one of the options there are: ${known.join(', ')}.`;
}
