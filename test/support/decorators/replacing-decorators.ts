type Method = (this: unknown, ...values: unknown[]) => unknown;

/** A decorator that replaces the method with another function. */
export function replacing(replace: (method: Method) => Method): MethodDecorator {
  return (_target, _name, descriptor) => {
    const property = descriptor as PropertyDescriptor;
    property.value = replace(property.value as Method);
  };
}

/** The metadata keys in which Nest stores a handler's own decorators. */
const NEST_KEYS = ['path', 'method', '__guards__', '__interceptors__', '__httpCode__'];

export function copyMetadata(from: object, to: object, keys: readonly unknown[] = Reflect.getMetadataKeys(from)): void {
  for (const key of keys) {
    if (Reflect.hasMetadata(key, from)) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, from), to);
    }
  }
}

/** Decorators that drop all metadata, or all but Nest's, as tracing, caching and retrying decorators often do. */
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
