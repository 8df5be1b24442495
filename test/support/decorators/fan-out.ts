import { Get, Post } from '@nestjs/common';
import { copyMetadata } from './replacing-decorators.js';

const MAPPINGS = { GET: Get, POST: Post } as const;

/**
 * Registers several routes for one method, as contract libraries do. Each route is a new method that calls the
 * original and has a copy of its metadata. The original has no route.
 *
 * @param routes by the last part of the new method's name, its HTTP method and path
 */
export function FanOut(routes: Readonly<Record<string, readonly [keyof typeof MAPPINGS, string]>>): MethodDecorator {
  return (target, name, descriptor) => {
    const original = descriptor.value as unknown as (...values: unknown[]) => unknown;
    for (const [key, [method, path]] of Object.entries(routes)) {
      const routed = function (this: unknown, ...values: unknown[]) {
        return original.call(this, key, ...values);
      };
      const routedName = `${String(name)}_${key}`;
      Object.defineProperty(target, routedName, { value: routed, writable: true, configurable: true });
      MAPPINGS[method](path)(target, routedName, Object.getOwnPropertyDescriptor(target, routedName) as never);
      copyMetadata(original, routed);
    }
  };
}
