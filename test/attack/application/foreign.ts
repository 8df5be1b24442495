import 'reflect-metadata';
import type { ForeignDecorator } from '../plan.js';

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** Changes a method as a decorator of another library above a CORS decorator does. */
export function applyForeign(kind: ForeignDecorator | undefined, descriptor: PropertyDescriptor): void {
  const original = descriptor.value as Method;
  switch (kind) {
    case undefined:
      return;
    case 'binds':
      descriptor.value = original.bind(undefined);
      break;
    case 'proxies':
      descriptor.value = new Proxy(original, {});
      break;
    case 'wraps':
      descriptor.value = wrapper(original);
      break;
    case 'wraps and copies metadata':
      descriptor.value = wrapper(original);
      for (const key of Reflect.getMetadataKeys(original)) {
        Reflect.defineMetadata(key, Reflect.getMetadata(key, original), descriptor.value);
      }
      break;
    case 'wraps on its prototype':
      descriptor.value = Object.setPrototypeOf(wrapper(original), original);
      break;
  }
  Object.defineProperty(descriptor.value, 'name', { value: original.name, configurable: true });
}

function wrapper(original: Method): Method {
  return function traced(this: unknown, ...values: unknown[]) {
    return original.apply(this, values);
  };
}
