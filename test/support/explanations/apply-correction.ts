import { Controller, Delete, Get, Module, type Type } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions, type CorsPolicyOptions, DisableCors } from 'nestjs-cors';
import type { RootModule } from '../start-app.js';

/** A decorator of ours, as data. */
export type Declaration =
  | { readonly kind: 'cors'; readonly name?: string; readonly options?: CorsPolicyOptions }
  | { readonly kind: 'disabled' | 'untouched' };

/** An application with one controller, and every place where a policy is written. */
export interface Declarations {
  readonly module: CorsModuleOptions;
  readonly controller?: Declaration;
  readonly handler?: Declaration;
  /** Of another handler: `GET /orders`. */
  readonly other?: Declaration;
}

/** What a text of the package says to write, and where. */
export interface WrittenCorrection {
  /** `origin: [...]`, `@Cors({ ... })` or `policy: { ... }`. */
  readonly code: string;
  readonly place: string;
}

export const HANDLER = 'OrdersController.remove';

/** Reads the first code that a text says to write. The handler is the place of a decorator that has none. */
export function readCorrection(text: string, handler = HANDLER): WrittenCorrection | undefined {
  return readCorrections(text, handler)[0];
}

/** Reads all code that a text says to write. */
export function readCorrections(text: string, handler = HANDLER): readonly WrittenCorrection[] {
  const written =
    /write `([^`]+)` (?:in (?:@Cors\(\) on )?(policy "[^"]+"|paths "[^"]+"|\w+(?:\.\w+)?)|on \w+\.\w+|in its place)\./g;
  return [...text.matchAll(written)].map(([, code = '', place = handler]) => ({ code, place }));
}

/** The options that a correction writes, of a decorator too. */
export function writtenOptions({ code }: WrittenCorrection): CorsPolicyOptions {
  if (code.startsWith('@Cors(')) {
    const [options] = evaluate(`[${code.slice('@Cors('.length, -1)}]`) as [CorsPolicyOptions?];
    return options ?? {};
  }
  const { policy, ...options } = evaluate(`({ ${code} })`) as CorsPolicyOptions & { policy?: CorsPolicyOptions };
  return policy ?? options;
}

/** The declarations after pasting a correction into its place. */
export function applyCorrection(declarations: Declarations, correction: WrittenCorrection): Declarations {
  const { code, place } = correction;
  const options = writtenOptions(correction);
  if (code.startsWith('@Cors(')) {
    return { ...declarations, handler: { kind: 'cors', options } };
  }
  const { module } = declarations;
  const [, kind, name = ''] = /^(policy|paths) "(.*)"$/.exec(place) ?? [];
  if (kind === 'policy') {
    const policies = { ...module.policies, [name]: { ...module.policies?.[name], ...options } };
    return { ...declarations, module: { ...module, policies } };
  }
  if (kind === 'paths') {
    const paths = module.paths?.map((entry) =>
      entry.path === name ? { ...entry, policy: { ...(entry.policy as CorsPolicyOptions), ...options } } : entry,
    );
    return { ...declarations, module: { ...module, ...(paths && { paths }) } };
  }
  if (place === 'CorsModule') {
    return { ...declarations, module: { ...module, ...options } };
  }
  const property = place === HANDLER ? 'handler' : 'controller';
  const declaration = declarations[property] ?? (place === HANDLER ? { kind: 'cors' } : undefined);
  if (declaration?.kind !== 'cors') {
    throw new Error(`There is no @Cors() on ${place}.`);
  }
  return { ...declarations, [property]: { ...declaration, options: { ...declaration.options, ...options } } };
}

/** An application with these declarations: `GET /orders` and `DELETE /orders`. */
export function rootOf({ module, controller, handler, other }: Declarations): RootModule {
  @Controller('orders')
  class OrdersController {
    @Get() list(): string {
      return 'list';
    }
    @Delete() remove(): string {
      return 'removed';
    }
  }
  for (const decorator of decoratorsOf(controller)) {
    decorator(OrdersController);
  }
  for (const [name, declaration] of Object.entries({ remove: handler, list: other })) {
    const method = Object.getOwnPropertyDescriptor(OrdersController.prototype, name) as PropertyDescriptor;
    for (const decorator of decoratorsOf(declaration)) {
      decorator(OrdersController.prototype, name, method);
    }
  }
  @Module({ imports: [CorsModule.forRoot(module)], controllers: [OrdersController as Type] })
  class Root {}
  return Root;
}

function decoratorsOf(declaration: Declaration | undefined): (ClassDecorator & MethodDecorator)[] {
  if (declaration === undefined) {
    return [];
  }
  if (declaration.kind !== 'cors') {
    return [declaration.kind === 'disabled' ? DisableCors() : Cors('untouched')];
  }
  const { name, options = {} } = declaration;
  return [name === undefined ? Cors(options) : Cors(name, options)];
}

function evaluate(code: string): unknown {
  return new Function(`return ${code};`)();
}
