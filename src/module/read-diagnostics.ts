import type { CorsProblem } from '../policy/problem.js';
import { quoteValue } from '../policy/validate/quote-value.js';
import type { DiagnosticsOptions } from './module-options.js';

const RULES: Readonly<
  Record<keyof DiagnosticsOptions, { accepts(value: unknown): boolean; must: string; example: string }>
> = Object.freeze({
  explainToClient: {
    accepts: (value) => typeof value === 'boolean' || value === 'even-in-production',
    must: "true, false or 'even-in-production'",
    example: 'explainToClient: true',
  },
  logRefusals: { accepts: (value) => typeof value === 'boolean', must: 'true or false', example: 'logRefusals: false' },
  silence: {
    accepts: (value) => Array.isArray(value) && value.every((code) => typeof code === 'string'),
    must: 'a list of warning codes',
    example: "silence: ['insecure-origin']",
  },
});

/** Reads the `diagnostics` option. Never throws: every mistake goes to `problems`. */
export function readDiagnostics(value: unknown, problems: CorsProblem[]): DiagnosticsOptions {
  const report = (
    code: 'option-type' | 'option-unknown',
    property: string,
    bad: unknown,
    message: string,
    remedy: string,
  ) => problems.push({ code, targets: ['CorsModule'], property, value: bad, message, remedy });
  if (value === undefined) {
    return Object.freeze({});
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(
      'option-type',
      'diagnostics',
      value,
      `diagnostics is ${quoteValue(value)} but must be an object.`,
      'Write `diagnostics: { explainToClient: true }`.',
    );
    return Object.freeze({});
  }
  const read: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const written = (value as Record<string, unknown>)[name];
    if (!Object.hasOwn(RULES, name)) {
      report(
        'option-unknown',
        `diagnostics.${name}`,
        written,
        `${quoteValue(name)} is not an option of diagnostics.`,
        `Use one of ${Object.keys(RULES).join(', ')}, for example \`diagnostics: { explainToClient: true }\`.`,
      );
      continue;
    }
    const rule = RULES[name as keyof DiagnosticsOptions];
    if (written !== undefined && !rule.accepts(written)) {
      report(
        'option-type',
        `diagnostics.${name}`,
        written,
        `diagnostics.${name} is ${quoteValue(written)} but must be ${rule.must}.`,
        `Write \`diagnostics: { ${rule.example} }\`.`,
      );
      continue;
    }
    read[name] = Array.isArray(written) ? Object.freeze([...written]) : written;
  }
  return Object.freeze(read) as DiagnosticsOptions;
}
