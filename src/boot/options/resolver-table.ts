import { RESOLVER_DEFAULTS, type ResolverOptions } from '../../resolver/resolver-options.js';
import type { OptionRule, OptionsTable } from '../../validation/options/options-table.js';

/** The longest delay of a timer in Node; longer delays fire at once. */
const LONGEST_DELAY = 2_147_483_647;

function wholeNumber(least: number, most: number, unit: string, example: number): OptionRule {
  return {
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    must: `a whole number of ${unit} from ${least} to ${most}`,
    example: String(example),
  };
}

/** The `resolver` option of the module. */
export const RESOLVER_TABLE: OptionsTable<keyof ResolverOptions> = Object.freeze({
  rules: Object.freeze({
    cache: { accepts: (value: unknown) => typeof value === 'boolean', must: 'true or false', example: 'true' },
    maxEntries: wholeNumber(1, 1_000_000, 'entries', RESOLVER_DEFAULTS.maxEntries),
    allowedTtl: wholeNumber(0, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.allowedTtl),
    deniedTtl: wholeNumber(0, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.deniedTtl),
    staleIfError: wholeNumber(0, LONGEST_DELAY, 'milliseconds', 300_000),
    timeout: wholeNumber(1, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.timeout),
    store: {
      accepts: isStore,
      must: 'an object with the methods get, set and delete',
      example: "new Keyv(new KeyvRedis('redis://localhost:6379'))",
    },
    localTtl: wholeNumber(0, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.localTtl),
    namespace: {
      accepts: (value: unknown) => typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value),
      must: 'a string of 1 to 64 of the characters A-Z a-z 0-9 . _ : -',
      example: `'${RESOLVER_DEFAULTS.namespace}'`,
    },
  }),
  example: 'resolver: { allowedTtl: 60000 }',
  write: (code: string) => `resolver: { ${code} }`,
});

function isStore(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['get', 'set', 'delete'].every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
  );
}
