import type { ConstraintStrategy } from './fastify-router.js';

/**
 * The values of requests that reach a route which names `value`; `undefined` if they cannot be listed.
 *
 * Only the storage of the strategy knows what matches. Two look-ups in it find out: with the value itself, which a
 * range or an expression does not match, and with texts that only a prefix, a range or a wildcard matches.
 */
export function listedValues(strategy: ConstraintStrategy, value: unknown): readonly unknown[] | undefined {
  const values = [value].flat();
  if (!values.every(isPlain)) {
    return undefined;
  }
  try {
    const store = strategy.storage();
    store.set(value, 1);
    const isFound = (one: unknown) => store.get(one) === 1;
    return values.every(isFound) && !values.flatMap(nearMisses).some((one) => !values.includes(one) && isFound(one))
      ? Object.freeze(values)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two equal values are the same value. */
function isPlain(value: unknown): boolean {
  return value !== null && typeof value !== 'object' && typeof value !== 'function';
}

/** Texts that differ from a value, but match it if it is a prefix, a suffix, a range or a wildcard. */
function nearMisses(value: unknown): readonly unknown[] {
  if (typeof value !== 'string') {
    return [];
  }
  return [
    '',
    'nestjs-cors',
    `${value}-x`,
    `x-${value}`,
    `${value}.9`,
    `${value}.9.9`,
    value.slice(0, -1),
    value.slice(1),
    value.replaceAll(/[x*]/gi, '9'),
  ];
}
