import { mergeLevels } from '../../policy/merge.js';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { isPathTarget, MODULE_TARGET, type PolicySource } from '../../policy/policy-source.js';
import { sourceText } from '../../validation/problems/source-text.js';
import { EXAMPLE_ORIGIN } from '../../validation/remedies/corrected-origin.js';
import { validatePolicy } from '../../validation/validate-policy.js';
import type { Correction, PlacedPolicy } from './correction.js';

/** Longer lists are not written out: the text says what to add. */
const LONGEST_LIST = 8;

/** What to change in a policy. */
export interface Change extends Pick<Correction, 'code' | 'place'> {
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

/** Adds entries to a list. The change has the whole list, or what to add if it is long. */
export function addToList(
  property: 'origin' | 'methods' | 'allowedHeaders',
  list: readonly string[],
  added: readonly string[],
  place: PolicySource,
): Change {
  if (list.length + added.length > LONGEST_LIST) {
    const entries = added.map((entry) => `\`${sourceText(entry)}\``).join(', ');
    return { words: `add ${entries} to \`${property}\` ${inPlace(place)}`, code: undefined, place };
  }
  return writeOptions({ [property]: [...list, ...added] }, place);
}

/** Writes options at a place. */
export function writeOptions(options: CorsPolicyOptions, place: PolicySource): Change {
  const code = optionsCode(options);
  return { words: `write \`${code}\` ${inPlace(place)}`, code, place };
}

/**
 * The place that no other handler inherits from: others might not boot with the change, for example `origin: '*'` with
 * credentials. An entry of `paths` that names a policy can only change that policy.
 */
export function ownPlace(target: PolicySource, { sources }: PlacedPolicy): PolicySource {
  const source = sources.origin ?? target;
  return isPathTarget(target) && source !== MODULE_TARGET ? source : target;
}

/** Options as source code: `origin: 'https://app.example.com', credentials: true`. */
export function optionsCode(options: CorsPolicyOptions): string {
  return Object.entries(options)
    .map(([property, value]) => `${property}: ${sourceText(value)}`)
    .join(', ');
}

/** A place in a sentence. */
function inPlace(place: PolicySource): string {
  const isOptions = place === MODULE_TARGET || isPathTarget(place) || place.startsWith('policy "');
  return isOptions ? `in ${place}` : `in @Cors() on ${place}`;
}
