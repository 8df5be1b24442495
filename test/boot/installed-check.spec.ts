import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { Cors, DisableCors } from 'nestjs-cors';
import { CorsInstalledCheck } from '../../src/module/installed-check.js';

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

@Controller('plain')
class PlainController {
  @Get() get(): void {}
}

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

  it('stays away from classes without a decorator, and from what decorated objects have in common', () => {
    const object = { handler(): void {} };
    Cors({ maxAge: 5 })(object, 'handler', Object.getOwnPropertyDescriptor(object, 'handler') as PropertyDescriptor);
    expect([CARRIER in PlainController.prototype, CARRIER in Object.prototype]).toEqual([false, false]);
  });
});
