import { type CorsPolicyOptions, POLICY_PROPERTIES } from '../../policy/policy-options.js';
import type { CorsWarning } from '../../validation/problems/problem.js';
import { quoteThrown, quoteValue } from '../../validation/problems/quote-value.js';
import { sourceText } from '../../validation/problems/source-text.js';
import type { EnableCorsCall } from './enable-cors-call.js';
import { readNativeOptions } from './native-options.js';
import { type Caller, callerOf } from './read-caller.js';
import { type TranslatedOptions, translateOptions } from './translate-options.js';

/** Longer code is written with a line for each option, in characters. */
const LONGEST_LINE = 110;

/**
 * Explains a call of `enableCors()`, which `{ cors: true }` makes, too: who called it, the options of `CorsModule` that
 * mean the same, and what differs. Never throws.
 *
 * @param current the options of `CorsModule` for every route. They may be invalid.
 */
export function enableCorsWarning(call: EnableCorsCall, current: CorsPolicyOptions): CorsWarning {
  const [subject, advice] = describeCaller(callerOf(call.callee));
  return {
    code: 'enable-cors-active',
    targets: ['enableCors()'],
    message:
      `${subject} on this application, which also has CorsModule. On routes with a policy CorsModule replaces ` +
      'the CORS headers that enableCors() sets; on untouched routes they stay.',
    remedy: [...translationLines(call, current), `${advice} ${SILENCE}`].join('\n  '),
  };
}

const REMOVE_CALL = 'Remove the call.';
const SILENCE = "To silence this: `diagnostics: { silence: ['enable-cors-active'] }`.";

/** Who calls `enableCors()`, and what to do about it. */
function describeCaller(caller: Caller | undefined): readonly [subject: string, advice: string] {
  switch (caller?.kind) {
    case 'package':
      return [
        `The package \`${caller.name}\` calls enableCors()`,
        'Switch the call off in the options of the package, if it has one for this.',
      ];
    case 'file':
      return [`\`${caller.name}\` calls enableCors()`, REMOVE_CALL];
    case 'option':
      return ['The option `cors` of NestFactory.create() calls enableCors()', 'Remove the option `cors`.'];
    default:
      return ['enableCors() was called', REMOVE_CALL];
  }
}

function translationLines(call: EnableCorsCall, current: CorsPolicyOptions): readonly string[] {
  try {
    const options = readNativeOptions(call);
    if (options === undefined) {
      return [DELEGATE];
    }
    const { code, notes, differences } = translateOptions(options);
    return [
      `On ${call.platform === 'express' ? 'Express' : 'Fastify'} the call means:`,
      ...moduleCode(code),
      ...notes.map((note) => `- ${note}`),
      ...(differences.length > 0 ? ['This differs on the wire:'] : []),
      ...differences.map((difference) => `- ${difference}`),
      currentOptions(current, code),
    ];
  } catch (error) {
    return [`Its options cannot be read (they threw ${quoteThrown(error)}).`];
  }
}

const DELEGATE =
  'Its options are a function, which has no translation. Put the options that are the same for every request into ' +
  'CorsModule.forRoot(), and the others into `@Cors({ ... })` on controllers and handlers. If only the origin depends on ' +
  'the request, write `origin: (origin, context) => ...`, which returns true or false.';

function moduleCode(code: TranslatedOptions['code']): readonly string[] {
  if (code.size === 0) {
    return ['  CorsModule.forRoot()'];
  }
  const options = [...code].map(([name, value]) => `${name}: ${value}`);
  const line = `  CorsModule.forRoot({ ${options.join(', ')} })`;
  return line.length <= LONGEST_LINE
    ? [line]
    : ['  CorsModule.forRoot({', ...options.map((option) => `    ${option},`), '  })'];
}

/** Names the options of the module, which apply although `enableCors()` was called. */
function currentOptions(current: CorsPolicyOptions, code: TranslatedOptions['code']): string {
  if (current.origin === undefined) {
    const advice = code.has('origin') ? ' To keep these headers, give it the options above.' : '';
    return `CorsModule has no \`origin\` now.${advice}`;
  }
  const names = POLICY_PROPERTIES.filter((name) => current[name] !== undefined);
  if (names.length === code.size && names.every((name) => sourceText(current[name]) === code.get(name))) {
    return 'CorsModule has these options already.';
  }
  const written = names.map((name) => `${name}: ${quoteValue(current[name])}`).join(', ');
  return `CorsModule has these options now, and they apply: \`{ ${written} }\`.`;
}
