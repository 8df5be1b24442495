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

describe('the check that comes along with the decorators', () => {
  it('is named by one hidden method, and by no class and no handler, each of which would cost a context', () => {
    const { prototype } = HandlersController;
    const carrier = (prototype as unknown as Record<string, object>)[CARRIER] as object;
    expect(filtersOf(carrier)).toEqual([CorsInstalledCheck]);
    for (const target of [HandlersController, prototype.first, prototype.second, prototype.third]) {
      expect(filtersOf(target)).toBeUndefined();
    }
    expect([...Object.keys(prototype), ...Object.keys(new HandlersController())]).not.toContain(CARRIER);
  });

  it('is found where Nest looks for enhancers, also by classes that inherit it, which get none of their own', () => {
    for (const controller of [HandlersController, DecoratedController]) {
      expect(new MetadataScanner().getAllMethodNames(controller.prototype)).toContain(CARRIER);
    }
    expect(Object.hasOwn(DecoratedController.prototype, CARRIER)).toBe(false);
    expect(filtersOf(DecoratedController)).toBeUndefined();
  });

  it.each([
    ['a class', HandlersController],
    ['a class that inherits it', DecoratedController],
  ])('can be wrapped and redefined with all methods of %s, as tracing and logging do', (_title, controller) => {
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

  it('stays away from what decorated objects have in common, and bears what cannot be extended', () => {
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
