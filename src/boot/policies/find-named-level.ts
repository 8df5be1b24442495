import type { PolicyLevel } from '../../policy/merge.js';
import { UNTOUCHED_POLICY } from '../../policy/policy-options.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { quoteName, sourceText } from '../../validation/problems/source-text.js';
import { closestName } from '../../validation/remedies/closest-name.js';
import { correctedOrigin } from '../../validation/remedies/corrected-origin.js';

/** The remedy has only an origin, so `http:` and `*` are allowed. */
const ANY_ORIGIN = { credentials: false, insecureAllowed: true };

/** Finds the level of a named policy. Reports `policy-unknown` if there is none. */
export function findNamedLevel(
  policies: ReadonlyMap<string, PolicyLevel>,
  name: string,
  target: string,
  problems: CorsProblem[],
): PolicyLevel | undefined {
  const level = policies.get(name);
  if (level === undefined) {
    problems.push(unknownPolicy([...policies.keys()], name, target));
  }
  return level;
}

function unknownPolicy(known: readonly string[], name: string, target: string): CorsProblem {
  const closest = closestName(name, [...known, UNTOUCHED_POLICY]);
  return {
    code: 'policy-unknown',
    targets: [target],
    value: name,
    message: `There is no policy named ${quoteValue(name)}; CorsModule declares ${known.length === 0 ? 'no policies' : known.map(quoteValue).join(', ')}.`,
    remedy: isOrigin(name)
      ? `Write options instead of a name: \`{ origin: ${sourceText(correctedOrigin(name, ANY_ORIGIN))} }\`.`
      : closest === undefined
        ? `Declare it: \`CorsModule.forRoot({ policies: { ${quoteName(name)}: { origin: 'https://partner.example.com' } } })\`.`
        : `Did you mean \`${quoteValue(closest)}\`?`,
  };
}

function isOrigin(name: string): boolean {
  return name === '*' || name.includes('://');
}
