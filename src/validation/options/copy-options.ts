import type { PolicySource } from '../../policy/policy-source.js';
import type { CorsProblem, ProblemCode } from '../problems/problem.js';
import { quoteName, quoteThrown, quoteValue } from '../problems/quote-value.js';
import { closestName } from '../remedies/closest-name.js';
import { copyList } from './copy-list.js';
import { inspectOptions, type OptionsObject, tagOf } from './options-object.js';
import type { CopiedOptions, OptionRule, OptionsTable } from './options-table.js';

/** Where options are written. */
export interface OptionsPlace {
  /** `CorsModule`, `policy "partners"`, `UsersController.remove`, ... */
  readonly target: PolicySource;
  /** The option that holds them, for example `resolver` or `paths[0]`; absent for the options of the target itself. */
  readonly property?: string;
  /** Whether there must be options: otherwise `undefined` means none. */
  readonly required?: boolean;
}

/**
 * Copies the options of one place: own properties only, each read once, known ones only, lists copied too. Later
 * changes to the object change nothing, and the object stays as it is. Never throws: every mistake goes to `problems`.
 *
 * Reports `option-type` (not a plain object, inherited options, a getter that throws, a value that the table does not
 * accept), `option-unknown`, and explicit `undefined` with the code of the table.
 *
 * @param value what the user passed
 */
export function copyOptions<Name extends string>(
  value: unknown,
  table: OptionsTable<Name>,
  place: OptionsPlace,
  problems: CorsProblem[],
): CopiedOptions<Name> {
  const reader = new OptionsReader(table, place, problems);
  if (value !== undefined || place.required) {
    reader.read(value);
  }
  return Object.freeze(reader.copy) as CopiedOptions<Name>;
}

class OptionsReader {
  readonly copy: Record<string, unknown> = Object.create(null);
  readonly #known: readonly string[];
  readonly #table: OptionsTable;
  readonly #place: OptionsPlace;
  readonly #problems: CorsProblem[];

  constructor(table: OptionsTable, place: OptionsPlace, problems: CorsProblem[]) {
    this.#table = table;
    this.#place = place;
    this.#problems = problems;
    this.#known = Object.keys(table.rules);
  }

  read(value: unknown): void {
    const options = this.#inspect(value);
    if (options === undefined) {
      return;
    }
    const { object, names, inherited } = options;
    if (inherited.length > 0) {
      this.#reportInherited(value, inherited);
    }
    const unknown: string[] = [];
    for (const name of names) {
      const rule = Object.hasOwn(this.#table.rules, name) ? this.#table.rules[name] : this.#table.others;
      if (rule === undefined) {
        unknown.push(name);
      } else {
        this.#readOption(object, name, rule);
      }
    }
    // A remedy depends on the options that were read, for example on credentials.
    for (const name of unknown) {
      this.#reportUnknown(name, dataValue(object, name));
    }
  }

  #inspect(value: unknown): OptionsObject | undefined {
    const { example } = this.#table;
    let [written, advice] = ['', ''];
    try {
      const options = inspectOptions(value, this.#table.others === undefined ? this.#known : undefined);
      if (options !== undefined) {
        return options;
      }
      [written, advice] = [quoteValue(value), adviceFor(value)];
    } catch (error) {
      written = `an object that cannot be read (it threw ${quoteThrown(error)})`;
    }
    this.#report(
      'option-type',
      undefined,
      value,
      `${written} but must be a plain object`,
      `Write a plain object, for example \`${example}\`${advice}.`,
    );
    return undefined;
  }

  #readOption(object: OptionsObject['object'], name: string, rule: OptionRule): void {
    let value: unknown;
    try {
      value = object[name];
      if (!rule.nested && Array.isArray(value)) {
        value = copyList(value);
      }
    } catch (error) {
      this.#report(
        'option-type',
        name,
        undefined,
        `unreadable (it threw ${quoteThrown(error)}) but must be ${rule.must}`,
        `Write a plain value, for example ${this.#code(name, rule)}.`,
      );
      return;
    }
    if (rule.nested) {
      // A name that the user chose is reported if it has no options: it would be unknown where it is used.
      if (value !== undefined || rule === this.#table.others) {
        this.copy[name] = value;
      }
      return;
    }
    if (value === undefined) {
      if (rule.missing !== undefined) {
        this.#report(
          rule.missing,
          name,
          undefined,
          `undefined, as from an environment variable that is not set, but must be ${rule.must}`,
          `Write ${this.#code(name, rule)}, or leave the property out.`,
        );
      }
    } else if (accepts(rule, value)) {
      this.copy[name] = value;
    } else {
      this.#report(
        'option-type',
        name,
        value,
        `${quoteValue(value)} but must be ${rule.must}`,
        `Write ${this.#code(name, rule)}.`,
      );
    }
  }

  #reportInherited(value: unknown, inherited: readonly string[]): void {
    const names = inherited.map((name) => quoteName(name)).join(', ');
    const copied = inherited.map((name) => `${quoteName(name)}: ${memberOf('options', name)}`).join(', ');
    this.#report(
      'option-type',
      undefined,
      value,
      `${quoteValue(value)} with inherited options (${names}) but must have them as own properties, because inherited ones are ignored`,
      `Copy them into a plain object: \`{ ...options, ${copied} }\`.`,
    );
  }

  #reportUnknown(name: string, value: unknown): void {
    const closest = closestName(name, this.#known);
    const remedy =
      this.#table.unknown?.(name, value, this.copy) ??
      (closest === undefined
        ? `Remove it, or use one of these options: ${this.#known.join(', ')}.`
        : `Did you mean ${this.#code(closest, this.#table.rules[closest] as OptionRule)}?`);
    this.#report('option-unknown', name, value, 'not an option', remedy);
  }

  #code(name: string, rule: OptionRule): string {
    return `\`${this.#table.write(`${quoteName(name)}: ${rule.example}`)}\``;
  }

  /** @param fault completes "<the option> is" */
  #report(code: ProblemCode, name: string | undefined, value: unknown, fault: string, remedy: string): void {
    const { target, property } = this.#place;
    const path = name === undefined ? property : property === undefined ? name : `${property}.${name}`;
    this.#problems.push(
      Object.freeze({
        code,
        targets: Object.freeze([target]),
        ...(path === undefined ? {} : { property: path }),
        value,
        message: `${this.#subject(name)} ${fault} (set at ${target}).`,
        remedy,
      }),
    );
  }

  #subject(name: string | undefined): string {
    const { property } = this.#place;
    if (name === undefined) {
      return property === undefined ? 'the options are' : `${property} is`;
    }
    return `${property === undefined ? quoteName(name) : memberOf(property, name)} is`;
  }
}

function accepts(rule: OptionRule, value: unknown): boolean {
  try {
    return rule.accepts?.(value) ?? true;
  } catch {
    return false; // a proxy
  }
}

/** A value as it stands in the object, without calling a getter. */
function dataValue(object: object, name: string): unknown {
  try {
    return Object.getOwnPropertyDescriptor(object, name)?.value;
  } catch {
    return undefined; // a proxy
  }
}

/** `resolver.timeout`, `resolver['time out']`. */
function memberOf(owner: string, name: string): string {
  const quoted = quoteName(name);
  return quoted === name ? `${owner}.${name}` : `${owner}[${quoted}]`;
}

function adviceFor(value: unknown): string {
  if (typeof value === 'function' || tagOf(value) === 'Promise') {
    return '; options that are only known later go to `CorsModule.forRootAsync({ useFactory: () => options })`';
  }
  return tagOf(value) === 'Map' ? '; `Object.fromEntries(map)` turns a Map into one' : '';
}
