import type { CorsModuleOptions, CorsPolicyOptions } from 'nestjs-cors';
import type { HeaderRecipe } from './vector.js';

const APP = 'https://app.example.com';

const PREDICATES: Readonly<Record<string, (origin: string) => unknown>> = Object.freeze({
  'always-true': () => true,
  'only-A': (origin) => origin === APP,
  throws: () => {
    throw new Error('the predicate failed');
  },
  'async-true': async () => true,
  'async-throws': async () => {
    throw new Error('the predicate failed later');
  },
  'returns-object': () => ({}),
});

type Recipe = Readonly<Record<string, unknown>>;

function isRecipe(value: unknown): value is Recipe {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function regularExpression(recipe: Recipe): RegExp {
  const source = recipe.$regex;
  const flags = recipe.flags ?? recipe.$flags;
  return new RegExp(String(source), typeof flags === 'string' ? flags : undefined);
}

/** The text of a `$gen` recipe, or a list if it gives several header lines. */
export function generated(recipe: Recipe): string | string[] {
  if (Array.isArray(recipe.lines) || typeof recipe.lines === 'number') {
    return Array<string>(Number(recipe.lines)).fill(String(recipe.value ?? ''));
  }
  const times = Number(recipe.times ?? 0);
  const middle =
    recipe.seq === undefined
      ? String(recipe.repeat ?? '').repeat(times)
      : Array.from({ length: times }, (_, index) => String(recipe.seq).replaceAll('%d', String(index))).join('');
  return `${recipe.prefix ?? ''}${middle}${recipe.suffix ?? ''}`;
}

export function headerText(value: HeaderRecipe): string | readonly string[] {
  return isRecipe(value) ? generated(value.$gen as Recipe) : (value as string | readonly string[]);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** The option value that a vector describes in JSON. */
export function optionValue(written: unknown): unknown {
  if (Array.isArray(written)) {
    return written.map(optionValue);
  }
  if (!isRecipe(written)) {
    return written;
  }
  if ('$regex' in written) {
    return regularExpression(written);
  }
  if ('$predicate' in written) {
    return PREDICATES[String(written.$predicate)];
  }
  if ('$undefined' in written) {
    return undefined;
  }
  if ('$number' in written) {
    return Number(written.$number);
  }
  if ('$gen' in written) {
    return generated(written.$gen as Recipe);
  }
  return options(written);
}

function options(written: Recipe): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(written)) {
    if (!name.startsWith('$')) {
      result[name] = optionValue(value);
    }
  }
  if (typeof written.$json === 'string') {
    // Defined one by one, so that an own `__proto__` stays an own property.
    for (const [name, value] of Object.entries(JSON.parse(written.$json))) {
      Object.defineProperty(result, name, { value, enumerable: true, writable: true, configurable: true });
    }
  }
  return written.$frozen === true ? deepFreeze(result) : result;
}

/** The module options of a vector. Some are wrong on purpose, so their type is asserted. */
export function moduleOptions(written: unknown): CorsModuleOptions {
  return optionValue(written) as CorsModuleOptions;
}

/** The decorator options of a vector. */
export function policyOptions(written: unknown): CorsPolicyOptions {
  return optionValue(written) as CorsPolicyOptions;
}

/** Changes every value of an options object, as careless code could do after boot. */
export function mutate(value: Record<string, unknown>): void {
  for (const [name, inner] of Object.entries(value)) {
    if (Array.isArray(inner)) {
      inner.splice(0, inner.length, 'https://mutated.example');
    } else {
      value[name] = name === 'credentials' ? !inner : 'https://mutated.example';
    }
  }
  value.credentials = true;
}
