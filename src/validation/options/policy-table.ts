import { POLICY_PROPERTIES, type PolicyProperty } from '../../policy/policy-options.js';
import { sourceText } from '../problems/source-text.js';
import { closestName } from '../remedies/closest-name.js';
import { originSafety } from '../remedies/corrected-origin.js';
import { foreignName } from '../remedies/foreign-names.js';
import type { OptionsTable } from './options-table.js';
import { POLICY_RULES } from './policy-rules.js';

/** Options of `CorsModule.forRoot` that a single policy does not have. */
const MODULE_ONLY: readonly string[] = ['policies', 'paths', 'resolver', 'diagnostics'];

/** The options of `@Cors({ ... })`. */
export const DECORATOR_TABLE: OptionsTable<PolicyProperty> = Object.freeze({
  rules: POLICY_RULES,
  example: "{ origin: 'https://app.example.com' }",
  write: (code: string) => code,
  unknown: unknownRemedy,
});

/** The options of the module, of a named policy and of a path policy. There an undefined `origin` is a mistake. */
export const POLICY_TABLE: OptionsTable<PolicyProperty> = Object.freeze({
  ...DECORATOR_TABLE,
  rules: Object.freeze({
    ...POLICY_RULES,
    origin: Object.freeze({ ...POLICY_RULES.origin, missing: 'origin-missing' as const }),
  }),
});

function unknownRemedy(name: string, value: unknown, copied: Readonly<Record<string, unknown>>): string | undefined {
  const foreign = foreignName(name);
  const here = foreign === undefined ? closestName(name, POLICY_PROPERTIES) : foreign.here;
  if (here !== undefined) {
    const corrected = POLICY_RULES[here].corrected(value, originSafety(copied));
    const code = `\`${here}: ${sourceText(corrected)}\``;
    if (foreign === undefined) {
      return `Did you mean ${code}?`;
    }
    return foreign.advice === undefined ? `Write ${code}.` : `Write ${code}. ${foreign.advice}`;
  }
  if (foreign !== undefined) {
    return foreign.advice;
  }
  return MODULE_ONLY.includes(name) ? `Move it to the module: \`CorsModule.forRoot({ ${name}: ... })\`.` : undefined;
}
