/** Only a proxy that invents prototypes has a longer chain. */
const LONGEST_CHAIN = 64;

/** The kinds of objects whose own properties are not their content, as `Object.prototype.toString` names them. */
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

/** Own properties that are never options. JSON text and compiled modules can have them. */
const NEVER_OPTIONS: ReadonlySet<string> = new Set(['__proto__', '__esModule']);

/** An object whose own properties are options. */
export interface OptionsObject {
  readonly object: Readonly<Record<string, unknown>>;
  /** The names of its own properties, enumerable or not. */
  readonly names: readonly string[];
  /** Options that are not own properties. They are ignored, so they must be reported. */
  readonly inherited: readonly string[];
}

/**
 * Finds the options of an object without reading their values. Plain objects, module namespaces and instances of
 * classes with own properties are options objects.
 *
 * @param known the names of options; without it, every inherited property that is not a method is an option
 * @returns `undefined` for anything whose own properties are not its content, for example a Map
 * @throws anything that a proxy throws
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
    return undefined; // a Date, a URL, or a class whose content is behind methods
  }
  return { object, names, inherited };
}

function isContainer(value: object): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value) || CONTAINERS.has(tagOf(value));
}

/** The kind of a built-in object from any realm: `Map`, `Promise`, `Object`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** The prototypes of an object, nearest first. `Object.prototype` is the root: pollution there is not an option. */
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

/** Known options from a prototype, and those that a proxy returns but does not list. */
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

/** All properties from prototypes except methods. */
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
