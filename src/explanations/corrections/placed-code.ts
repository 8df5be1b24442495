import { mergeLevels } from '../../policy/merge.js';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { isNamedTarget, isPathTarget, MODULE_TARGET, type PolicySource } from '../../policy/policy-source.js';
import { sourceText } from '../../validation/problems/source-text.js';
import { EXAMPLE_ORIGIN } from '../../validation/remedies/corrected-origin.js';
import { validatePolicy } from '../../validation/validate-policy.js';
import type { Correction, PlacedPolicy } from './correction.js';

/** Longer lists are not written out: the text says what to add. */
const LONGEST_LIST = 8;

/** The environment variables of `nestjs-cors/config`. */
const VARIABLES = Object.freeze({
  origin: 'CORS_ORIGINS',
  methods: 'CORS_METHODS',
  allowedHeaders: 'CORS_ALLOWED_HEADERS',
});

/** What to change in a policy. */
export interface Change extends Pick<Correction, 'code' | 'options' | 'place'> {
  /** The change in words, as a part of a sentence: write `methods: ['PUT']` in CorsModule. */
  readonly words: string;
}

/** Whether options boot. They keep a predicate or resolver that booted, so it is not validated again. */
export function isValid({ origin, ...others }: CorsPolicyOptions): boolean {
  const environment = { production: false, random: Math.random, probed: new Map(), faultlessLists: new Map() };
  const options = { ...others, origin: typeof origin === 'function' ? EXAMPLE_ORIGIN : origin };
  const merged = mergeLevels(MODULE_TARGET, [{ target: MODULE_TARGET, options: options as CorsPolicyOptions }]);
  return validatePolicy(merged, environment).problems.length === 0;
}

/**
 * Adds entries to a list. The change has the whole list, or what to add if it is long.
 *
 * @param onlyFor the target, if other policies may not boot with the list
 */
export function addToList(
  property: 'origin' | 'methods' | 'allowedHeaders',
  list: readonly string[],
  added: readonly string[],
  place: PolicySource,
  { fromEnvironment = false }: PlacedPolicy,
  onlyFor?: PolicySource,
): Change {
  const options = { [property]: [...list, ...added] };
  if (onlyFor === undefined && fromEnvironment && place === MODULE_TARGET) {
    return setVariable(VARIABLES[property], options, list, added);
  }
  if (list.length + added.length <= LONGEST_LIST) {
    return onlyFor === undefined ? writeOptions(options, place) : writeForTarget(options, onlyFor, place);
  }
  const entries = added.map((entry) => `\`${sourceText(entry)}\``).join(', ');
  return onlyFor === undefined || isOwn(place, onlyFor)
    ? { words: `add ${entries} to \`${property}\` ${inPlace(place)}`, code: undefined, options: undefined, place }
    : inWordsOnly(`give ${ownPolicy(onlyFor)} its own \`${property}\`: that of ${place}, and ${entries}`);
}

function setVariable(
  name: string,
  options: CorsPolicyOptions,
  list: readonly string[],
  added: readonly string[],
): Change {
  const isLong = list.length + added.length > LONGEST_LIST;
  const code = isLong ? undefined : `${name}=${[...list, ...added].join(',')}`;
  const words = isLong ? `add \`${added.join(',')}\` to the variable ${name}` : `set \`${code}\` in the environment`;
  return { words, code, options: isLong ? undefined : options, place: MODULE_TARGET };
}

/** Writes options at a place. */
export function writeOptions(options: CorsPolicyOptions, place: PolicySource): Change {
  const code = optionsCode(options);
  return { words: `write \`${code}\` ${inPlace(place)}`, code, options, place };
}

/**
 * Writes options with which other policies may not boot, for example `credentials: true` beside `origin: '*'`: at the
 * target, from which no other policy inherits. A change without code if the target cannot have its own options.
 *
 * @param source the place of the origin
 */
export function writeForTarget(options: CorsPolicyOptions, target: PolicySource, source = target): Change {
  if (target === MODULE_TARGET) {
    return inWordsOnly(`add an entry of \`paths\` with \`policy: { ${optionsCode(options)} }\``);
  }
  return isPathTarget(target) && isNamedTarget(source)
    ? inWordsOnly(`give ${target} a policy of its own with \`${optionsCode(options)}\``)
    : writeOptions(options, target);
}

/** A policy once its correction is written. */
export function placedPolicy(policy: PlacedPolicy, { options, place }: Correction): PlacedPolicy {
  return options === undefined || place === undefined
    ? policy
    : {
        ...policy,
        options: { ...policy.options, ...options },
        sources: { ...policy.sources, ...Object.fromEntries(Object.keys(options).map((name) => [name, place])) },
      };
}

/** Whether no other policy inherits from a place. */
function isOwn(place: PolicySource, target: PolicySource): boolean {
  return place === target && place !== MODULE_TARGET;
}

function ownPolicy(target: PolicySource): string {
  return target === MODULE_TARGET ? 'an entry of `paths`' : target;
}

function inWordsOnly(words: string): Change {
  return { words, code: undefined, options: undefined, place: undefined };
}

/** Options as source code: `origin: 'https://app.example.com', credentials: true`. */
export function optionsCode(options: CorsPolicyOptions): string {
  return Object.entries(options)
    .map(([property, value]) => `${property}: ${sourceText(value)}`)
    .join(', ');
}

/** A place in a sentence. */
function inPlace(place: PolicySource): string {
  const isOptions = place === MODULE_TARGET || isPathTarget(place) || isNamedTarget(place);
  return isOptions ? `in ${place}` : `in @Cors() on ${place}`;
}
