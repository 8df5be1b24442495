import type { PolicySource } from '../../policy/policy-source.js';
import { type CorsProblem, makeProblem, type ProblemCode } from '../problems/problem.js';
import { quoteThrown, quoteValue } from '../problems/quote-value.js';
import { quoteMember, quoteName } from '../problems/source-text.js';
import { closestName } from '../remedies/closest-name.js';
import { copyList } from './copy-list.js';
import { inspectOptions, type OptionsObject, tagOf } from './options-object.js';
import type { CopiedOptions, OptionRule, OptionsTable } from './options-table.js';

/** Where options are written. */
export interface OptionsPlace {
  /** `CorsModule`, `policy "partners"`, `UsersController.remove`, ... */
  readonly target: PolicySource;
  /** The option that contains them, for example `resolver` or `paths[0]`. Absent for the options of the target itself. */
  readonly property?: string;
  /** Whether `undefined` is a mistake. Otherwise it means no options. */
  readonly required?: boolean;
}

/**
 * Reports a mistake in one option, or in the options as a whole if there is no name.
 * @param fault completes "<the option> is"
 */
type Report = (code: ProblemCode, name: string | undefined, value: unknown, fault: string, remedy: string) => void;

/** One reading of options: the rules, and where the results go. */
interface Reading {
  readonly table: OptionsTable;
  /** The names in the table. */
  readonly known: readonly string[];
  readonly copy: Record<string, unknown>;
  readonly report: Report;
}

/**
 * Copies the options of one place. Copies only known own properties, and reads each once. Lists are copied too, so
 * later changes to the user's object have no effect. Never changes the object and never throws: every mistake goes to
 * `problems`.
 *
 * Reports `option-type` (not a plain object, inherited options, a getter that throws, a value that the table does not
 * accept), `option-unknown`, and explicit `undefined` with the code of the table.
 *
 * @param value what the user passed
 */
export function copyOptions<Name extends string>(
  value: unknown,
  table: OptionsTable<Name>,
  { target, property, required }: OptionsPlace,
  problems: CorsProblem[],
): CopiedOptions<Name> {
  const copy: Record<string, unknown> = Object.create(null);
  const report: Report = (code, name, wrong, fault, remedy) => {
    const path = name === undefined ? property : property === undefined ? name : `${property}.${name}`;
    const member = name && (property === undefined ? quoteName(name) : quoteMember(property, name));
    const subject = member ?? property;
    const sentence = `${subject === undefined ? 'The options are' : `${subject} is`} ${fault} (set at ${target})`;
    problems.push(makeProblem(code, target, path, wrong, sentence, remedy));
  };
  if (value !== undefined || required) {
    readOptions(value, { table, known: Object.keys(table.rules), copy, report });
  }
  return Object.freeze(copy) as CopiedOptions<Name>;
}

function readOptions(value: unknown, reading: Reading): void {
  const { table, report } = reading;
  const options = readObject(value, reading);
  if (options === undefined) {
    return;
  }
  const { object, names, inherited } = options;
  if (inherited.length > 0) {
    const copied = inherited.map((name) => `${quoteName(name)}: ${quoteMember('options', name)}`).join(', ');
    report(
      'option-type',
      undefined,
      value,
      `${quoteValue(value)} with inherited options (${inherited.map(quoteName).join(', ')}) but must have own properties, because inherited ones are ignored`,
      `Copy them into a plain object: \`{ ...options, ${copied} }\`.`,
    );
  }
  const unknown: string[] = [];
  for (const name of names) {
    const rule = Object.hasOwn(table.rules, name) ? table.rules[name] : table.others;
    if (rule === undefined) {
      unknown.push(name);
    } else {
      readOption(object, name, rule, reading);
    }
  }
  // Last, because a remedy depends on other options, for example on credentials.
  for (const name of unknown) {
    const written = dataValue(object, name);
    report('option-unknown', name, written, 'not an option', unknownRemedy(name, written, reading));
  }
}

function readObject(value: unknown, { table, known, report }: Reading): OptionsObject | undefined {
  let description: string;
  let advice = '';
  try {
    const options = inspectOptions(value, table.others === undefined ? known : undefined);
    if (options !== undefined) {
      return options;
    }
    description = quoteValue(value);
    advice = adviceOnObject(value);
  } catch (error) {
    description = `an object that cannot be read (it threw ${quoteThrown(error)})`;
  }
  const remedy = `Write a plain object, for example \`${table.example}\`.${advice}`;
  report('option-type', undefined, value, `${description} but must be a plain object`, remedy);
  return undefined;
}

function readOption(
  object: OptionsObject['object'],
  name: string,
  rule: OptionRule,
  { table, copy, report }: Reading,
): void {
  const code = codeFor(name, rule, table);
  let value: unknown;
  try {
    value = object[name];
    if (!rule.nested && Array.isArray(value)) {
      value = copyList(value);
    }
  } catch (error) {
    const fault = `unreadable (it threw ${quoteThrown(error)}) but must be ${rule.must}`;
    report('option-type', name, undefined, fault, `Write a plain value, for example ${code}.`);
    return;
  }
  if (rule.nested) {
    // An undefined policy under a name that the user chose is a mistake, which the reader of that policy reports.
    if (value !== undefined || rule === table.others) {
      copy[name] = value;
    }
  } else if (value === undefined) {
    if (rule.missing !== undefined) {
      const remedy = `Write ${code}, or leave the option out. If it is from an environment variable, set the variable.`;
      report(rule.missing, name, undefined, `undefined but must be ${rule.must}`, remedy);
    }
  } else if (accepts(rule, value)) {
    copy[name] = value;
  } else {
    report('option-type', name, value, `${quoteValue(value)} but must be ${rule.must}`, `Write ${code}.`);
  }
}

function unknownRemedy(name: string, value: unknown, { table, known, copy }: Reading): string {
  const closest = closestName(name, known);
  const rule = closest === undefined ? undefined : table.rules[closest];
  return (
    table.unknown?.(name, value, copy) ??
    (closest === undefined || rule === undefined
      ? `Remove it, or use one of these options: ${known.join(', ')}.`
      : `Did you mean ${codeFor(closest, rule, table)}?`)
  );
}

function codeFor(name: string, rule: OptionRule, table: OptionsTable): string {
  return `\`${table.write(`${quoteName(name)}: ${rule.example}`)}\``;
}

function accepts(rule: OptionRule, value: unknown): boolean {
  try {
    return rule.accepts?.(value) ?? true;
  } catch {
    return false; // a proxy
  }
}

/** The value of a property, without calling a getter. */
function dataValue(object: object, name: string): unknown {
  try {
    return Object.getOwnPropertyDescriptor(object, name)?.value;
  } catch {
    return undefined; // a proxy
  }
}

function adviceOnObject(value: unknown): string {
  if (typeof value === 'function' || tagOf(value) === 'Promise') {
    return ' For options that are known later, use `CorsModule.forRootAsync({ useFactory: () => options })`.';
  }
  return tagOf(value) === 'Map' ? ' `Object.fromEntries(map)` turns a Map into one.' : '';
}
