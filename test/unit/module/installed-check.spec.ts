import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { Cors, DisableCors } from 'nestjs-cors';
import { CorsInstalledCheck } from '../../../src/module/installed-check.js';

const FILTERS = '__exceptionFilters__';
const CARRIER = '__nestjsCorsInstalledCheck';

@Controller('handlers')
class HandlersController {
  @Cors({ maxAge: 5 }) @Get('first') first(): void {}
  @DisableCors() @Get('second') second(): void {}
  @Get('third') third(): void {}
}

@Cors({ maxAge: 5 })
@Controller('class')
class DecoratedController extends HandlersController {}

function filtersOf(target: object): unknown {
  return Reflect.getMetadata(FILTERS, target);
}

describe('the check that the decorators add', () => {
  it('is on one hidden method, and not on classes and handlers, where requests would pay for it', () => {
    const { prototype } = HandlersController;
    const carrier = (prototype as unknown as Record<string, object>)[CARRIER] as object;
    expect(filtersOf(carrier)).toEqual([CorsInstalledCheck]);
    for (const target of [HandlersController, prototype.first, prototype.second, prototype.third]) {
      expect(filtersOf(target)).toBeUndefined();
    }
    expect([...Object.keys(prototype), ...Object.keys(new HandlersController())]).not.toContain(CARRIER);
  });

  it('is found by Nest, also on classes that inherit it and have no method of their own', () => {
    for (const controller of [HandlersController, DecoratedController]) {
      expect(new MetadataScanner().getAllMethodNames(controller.prototype)).toContain(CARRIER);
    }
    expect(Object.hasOwn(DecoratedController.prototype, CARRIER)).toBe(false);
    expect(filtersOf(DecoratedController)).toBeUndefined();
  });

  it.each([
    ['a class', HandlersController],
    ['a class that inherits it', DecoratedController],
  ])('can be wrapped and redefined with all methods of %s, as tracing libraries do', (_title, controller) => {
    class Own extends controller {}
    for (const { prototype } of [Own, controller]) {
      const methods = prototype as unknown as Record<string, () => void>;
      for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
        const method = methods[name] as () => void;
        methods[name] = method;
        Object.defineProperty(prototype, name, { configurable: true, writable: true, value: method });
      }
      expect(new MetadataScanner().getAllMethodNames(prototype)).toContain(CARRIER);
    }
  });

  it('is not added to shared prototypes, and accepts objects that cannot be extended', () => {
    const decorate = (target: object) =>
      Cors({ maxAge: 5 })(target, 'handler', Object.getOwnPropertyDescriptor(target, 'handler') as PropertyDescriptor);
    decorate({ handler(): void {} });
    decorate(Object.freeze({ handler(): void {} }));
    decorate(Object.assign(Object.create(null) as object, { handler(): void {} }));
    expect(CARRIER in Object.prototype).toBe(false);

    class SealedController {}
    Object.seal(SealedController.prototype);
    Cors({ maxAge: 5 })(SealedController);
    expect(filtersOf(SealedController)).toEqual([CorsInstalledCheck]);

    const withoutPrototype = Object.assign(() => undefined, { handler(): void {} });
    decorate(withoutPrototype);
    expect(filtersOf(withoutPrototype)).toBeUndefined();
  });
});
