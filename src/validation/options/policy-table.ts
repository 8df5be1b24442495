import { POLICY_PROPERTIES, type PolicyProperty } from '../../policy/policy-options.js';
import { sourceText } from '../problems/quote-value.js';
import { closestName } from '../remedies/closest-name.js';
import { correctedOption } from '../remedies/corrected-option.js';
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

/** The options of a named policy, of a path policy and of the module, where an undefined `origin` is a mistake. */
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
  const advice = foreign?.advice === undefined ? '' : `${foreign.advice}. `;
  if (here !== undefined) {
    const safety = {
      credentials: copied.credentials === true,
      insecureAllowed: copied.dangerouslyAllowInsecureOrigins === true,
    };
    const code = `${here}: ${sourceText(correctedOption(here as PolicyProperty, value, safety))}`;
    return `${advice}${foreign === undefined ? `Did you mean \`${code}\`?` : `Write \`${code}\`.`}`;
  }
  if (advice !== '') {
    return advice.trimEnd();
  }
  return MODULE_ONLY.includes(name) ? `Move it to the module: \`CorsModule.forRoot({ ${name}: ... })\`.` : undefined;
}
