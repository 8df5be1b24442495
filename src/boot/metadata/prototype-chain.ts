/** A class and the classes that it extends, the outermost base class first. */
export function classChain(controller: object): object[] {
  const chain: object[] = [];
  for (
    let current: object | null = controller;
    typeof current === 'function' && current !== Function.prototype;
    current = Object.getPrototypeOf(current)
  ) {
    chain.unshift(current);
  }
  return chain;
}

/** A prototype and the prototypes that it inherits from, nearest first. */
export function prototypeChain(prototype: object | undefined): object[] {
  const chain: object[] = [];
  for (
    let current: object | null | undefined = prototype;
    current !== null && current !== undefined && current !== Object.prototype;
    current = Object.getPrototypeOf(current)
  ) {
    chain.push(current);
  }
  return chain;
}

/** The prototype of a class; arrow functions have none. */
export function prototypeOf(target: object): object | undefined {
  return typeof target === 'function' ? ((target as { prototype?: object | null }).prototype ?? undefined) : undefined;
}
