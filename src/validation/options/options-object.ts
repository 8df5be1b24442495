/** Longer prototype chains come from proxies that invent them. */
const LONGEST_CHAIN = 64;

/** Objects whose own properties are not their content, by what `Object.prototype.toString` calls them. */
const CONTAINERS: ReadonlySet<string> = new Set([
  'Arguments',
  'Array',
  'Error',
  'Map',
  'Promise',
  'RegExp',
  'Set',
  'String',
]);

/** Own names that are never options: JSON text and compiled modules bring them along. */
const NEVER_OPTIONS: ReadonlySet<string> = new Set(['__proto__', '__esModule']);

/** An object whose own properties may be read as options. */
export interface OptionsObject {
  readonly object: Readonly<Record<string, unknown>>;
  /** The names of its own properties, enumerable or not. */
  readonly names: readonly string[];
  /** Options that are not own properties. They are reported, because they would be ignored without notice. */
  readonly inherited: readonly string[];
}

/**
 * Looks at what was given as options, without reading an option. Plain objects, module namespaces and instances of
 * classes with own properties are options objects.
 *
 * @param known the names of options; without them every inherited property that is not a method is an option
 * @returns `undefined` for anything whose own properties are not its content, for example a Map
 * @throws what a proxy throws
 */
export function inspectOptions(value: unknown, known?: readonly string[]): OptionsObject | undefined {
  if (typeof value !== 'object' || value === null || isContainer(value)) {
    return undefined;
  }
  const object = value as Readonly<Record<string, unknown>>;
  const names = Object.getOwnPropertyNames(object).filter((name) => !NEVER_OPTIONS.has(name));
  const { prototypes, root } = chainOf(object);
  const inherited =
    known === undefined ? inheritedNames(prototypes, names) : inheritedOptions(object, known, prototypes, root);
  if (names.length === 0 && inherited.length === 0 && prototypes.some(hasMembers)) {
    return undefined; // a Date, a URL, or a class that hides its content behind methods
  }
  return { object, names, inherited };
}

function isContainer(value: object): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value) || CONTAINERS.has(tagOf(value));
}

/** The kind of a built-in object, of any realm: `Map`, `Promise`, `Object`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** The prototypes of an object, nearest first. `Object.prototype` is apart: what pollutes it is not an option. */
function chainOf(object: object): { readonly prototypes: readonly object[]; readonly root: object | undefined } {
  const prototypes: object[] = [];
  for (let current = Object.getPrototypeOf(object); current !== null; current = Object.getPrototypeOf(current)) {
    if (isObjectPrototype(current)) {
      return { prototypes, root: current };
    }
    if (prototypes.push(current) > LONGEST_CHAIN) {
      throw new RangeError('the prototype chain does not end');
    }
  }
  return { prototypes, root: undefined };
}

/** Whether it is the `Object.prototype` of any realm. */
function isObjectPrototype(value: object): boolean {
  if (value === Object.prototype) {
    return true;
  }
  const maker: unknown = Object.getOwnPropertyDescriptor(value, 'constructor')?.value;
  return (
    Object.getPrototypeOf(value) === null &&
    typeof maker === 'function' &&
    maker.prototype === value &&
    /^function Object\(\) \{\s*\[native code\]/.test(Function.prototype.toString.call(maker))
  );
}

/** Known options that come from a prototype, or that a proxy answers without listing them. */
function inheritedOptions(
  object: Readonly<Record<string, unknown>>,
  known: readonly string[],
  prototypes: readonly object[],
  root: object | undefined,
): string[] {
  const has = (owner: object, name: string) => Object.hasOwn(owner, name);
  return known.filter((name) => {
    if (has(object, name)) {
      return false;
    }
    return (
      prototypes.some((prototype) => has(prototype, name)) ||
      (!(root !== undefined && has(root, name)) && object[name] !== undefined)
    );
  });
}

/** Everything that comes from a prototype, methods aside. */
function inheritedNames(prototypes: readonly object[], own: readonly string[]): string[] {
  const names = prototypes.flatMap((prototype) =>
    Object.getOwnPropertyNames(prototype).filter(
      (name) => typeof Object.getOwnPropertyDescriptor(prototype, name)?.value !== 'function',
    ),
  );
  return [...new Set(names)].filter((name) => !own.includes(name) && !NEVER_OPTIONS.has(name));
}

function hasMembers(prototype: object): boolean {
  return Object.getOwnPropertyNames(prototype).some((name) => name !== 'constructor');
}
