type Method = (this: unknown, ...values: unknown[]) => unknown;

/** A decorator that puts another function in the place of the method. */
export function replacing(replace: (method: Method) => Method): MethodDecorator {
  return (_target, _name, descriptor) => {
    const property = descriptor as PropertyDescriptor;
    property.value = replace(property.value as Method);
  };
}

/** What Nest keeps of a handler under names of its own. */
const NEST_KEYS = ['path', 'method', '__guards__', '__interceptors__', '__httpCode__'];

export function copyMetadata(from: object, to: object, keys: readonly unknown[] = Reflect.getMetadataKeys(from)): void {
  for (const key of keys) {
    if (Reflect.hasMetadata(key, from)) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, from), to);
    }
  }
}

/** Decorators that lose the metadata of others, or all but Nest's: how tracing, caching and retrying are often written. */
export const DROPPING: Readonly<Record<string, MethodDecorator>> = Object.freeze({
  wrapper: replacing(
    (method) =>
      function (...values) {
        return method.apply(this, values);
      },
  ),
  'async-wrapper': replacing(
    (method) =>
      async function (...values) {
        return await method.apply(this, values);
      },
  ),
  arrow: replacing(
    (method) =>
      (...values) =>
        method.apply(undefined, values),
  ),
  bound: replacing((method) => method.bind(undefined)),
  proxy: replacing((method) => new Proxy(method, {})),
  'nest-keys': replacing((method) => {
    const wrapper: Method = function (...values) {
      return method.apply(this, values);
    };
    copyMetadata(method, wrapper, NEST_KEYS);
    return wrapper;
  }),
});
