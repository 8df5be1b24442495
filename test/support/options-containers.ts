import vm from 'node:vm';

/** Puts options into a container, for example into a Map. */
export type Container = (content: Readonly<Record<string, unknown>>) => unknown;

const instance = (content: Readonly<Record<string, unknown>>, setUp: (options: object) => void = () => {}): object => {
  class Options {}
  setUp(Options.prototype);
  return Object.assign(new Options(), content);
};

/** The content as getters of a class, for example `class Options { get origin() {...} }`. */
function withGetters(content: Readonly<Record<string, unknown>>): object {
  return instance({}, (prototype) => {
    for (const name of Object.keys(content)) {
      Object.defineProperty(prototype, name, { get: () => content[name], configurable: true });
    }
  });
}

const throwingTrap = (trap: keyof ProxyHandler<object>): Container =>
  Object.assign(
    (content: object) =>
      new Proxy(
        { ...content },
        {
          [trap]() {
            throw new RangeError('trap');
          },
        },
      ),
  );

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function endlessChain(target: object): object {
  return new Proxy(target, { getPrototypeOf: () => endlessChain({}) });
}

/** Forms in which all options are own properties. */
export const ACCEPTED: Readonly<Record<string, Container>> = Object.freeze({
  'a plain object': (content) => ({ ...content }),
  'a frozen object': (content) => Object.freeze({ ...content }),
  'an object without a prototype': (content) => Object.assign(Object.create(null), content),
  'an object of another realm': (content) =>
    Object.assign(vm.runInNewContext('({})') as Record<string, unknown>, content),
  'an instance of a class with fields': (content) => instance(content),
  'an instance of a class with fields and methods': (content) =>
    instance(content, (prototype) => Object.assign(prototype, { describe: () => 'options' })),
  'an instance whose fields replace those of its prototype': (content) =>
    instance({}, (prototype) => Object.assign(prototype, content)) &&
    Object.defineProperties(
      instance({}, (prototype) => Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(content))),
      Object.getOwnPropertyDescriptors(content),
    ),
  'own getters': (content) =>
    Object.defineProperties(
      {},
      Object.fromEntries(Object.keys(content).map((name) => [name, { get: () => content[name], enumerable: true }])),
    ),
  'properties that are not enumerable': (content) =>
    Object.defineProperties(
      {},
      Object.fromEntries(Object.keys(content).map((name) => [name, { value: content[name] }])),
    ),
  'a proxy that only passes on': (content) => new Proxy({ ...content }, {}),
  'symbols beside the options': (content) => ({ ...content, [Symbol('bookkeeping')]: 1 }),
  'an own __proto__, as JSON text can have it': (content) =>
    Object.defineProperty({ ...content }, '__proto__', { value: { origin: 5, nonsense: 1 }, enumerable: true }),
  'the namespace of a compiled module': (content) =>
    Object.defineProperty({ ...content }, '__esModule', { value: true }),
});

/** Forms that cannot be read completely as own properties, and their name in the message. */
export const REFUSED: Readonly<Record<string, readonly [container: Container, name: string]>> = Object.freeze({
  null: [() => null, 'null'],
  'a text': [() => 'https://app.example.com', "'https://app.example.com'"],
  'a number': [() => 5, '5'],
  true: [() => true, 'true'],
  'a symbol': [() => Symbol('options'), 'Symbol(options)'],
  'a Map': [(content) => new Map(Object.entries(content)), 'an instance of Map'],
  'a Map with own properties': [
    (content) => Object.assign(new Map(Object.entries(content)), content),
    'an instance of Map',
  ],
  'a Set': [(content) => new Set(Object.entries(content)), 'an instance of Set'],
  'a list of entries': [(content) => Object.entries(content), '['],
  'a list': [(content) => [content], '['],
  'a Promise': [(content) => Promise.resolve(content), 'an instance of Promise'],
  'a function': [(content) => () => content, 'function'],
  'a class': [() => class Options {}, 'class Options'],
  'a Date': [() => new Date(0), 'an instance of Date'],
  'a URL': [() => new URL('https://app.example.com'), 'an instance of URL'],
  'URL parameters': [() => new URLSearchParams('enforce=all'), 'an instance of URLSearchParams'],
  'a RegExp': [() => /app/, '/app/'],
  'an Error': [() => new Error('no options'), 'an instance of Error'],
  'a Buffer': [() => Buffer.from('{}'), 'an instance of Buffer'],
  'a String object': [() => new String('partners'), 'an instance of String'],
  'an instance with getters': [withGetters, 'an instance of Options'],
  'an instance of a subclass of a class with getters': [(content) => Object.create(withGetters(content)), 'inherited'],
  'an instance with methods only': [
    () => instance({}, (prototype) => Object.assign(prototype, { createCorsOptions: () => ({}) })),
    'an instance of Options',
  ],
  'inherited properties': [(content) => Object.create(content), 'inherited'],
  'inherited properties, two levels up, without Object.prototype': [
    (content) => Object.create(Object.create(Object.assign(Object.create(null), content))),
    'inherited',
  ],
  'a proxy that answers names it does not list': [
    (content) => new Proxy({}, { get: (_, name) => content[name as string] }),
    'inherited',
  ],
  'a revoked proxy': [(content) => revoked({ ...content }), 'cannot be read'],
  'a revoked proxy of a function': [() => revoked(() => {}), 'read'],
  'a proxy whose ownKeys throws': [throwingTrap('ownKeys'), "threw 'trap'"],
  'a proxy whose get throws': [throwingTrap('get'), "threw 'trap'"],
  'a proxy whose getPrototypeOf throws': [throwingTrap('getPrototypeOf'), "threw 'trap'"],
  'a proxy whose getOwnPropertyDescriptor throws': [throwingTrap('getOwnPropertyDescriptor'), "threw 'trap'"],
  'a proxy with an endless chain of prototypes': [(content) => endlessChain({ ...content }), 'cannot be read'],
});
