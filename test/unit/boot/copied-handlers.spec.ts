import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { boot } from './boot.js';

class Listing {
  // A mistake in the values, and one in how the decorators are written.
  @Cors({ maxAge: 999_999_999 }) @Get('list') list(): void {}
  @Cors({ maxAge: 5 }) @Cors({ maxAge: 6 }) @Get('all') all(): void {}
}

@Controller('users')
class UsersController {}

@Controller('orders')
class OrdersController {}

@Controller('items')
class ItemsController extends Listing {}

@Controller('parts')
class PartsController extends Listing {}

/** Copies methods as mixins do: the same function is a handler of several classes. */
function mixIn(controller: { prototype: object }): void {
  for (const name of ['list', 'all']) {
    const descriptor = Object.getOwnPropertyDescriptor(Listing.prototype, name) as PropertyDescriptor;
    Object.defineProperty(controller.prototype, name, descriptor);
  }
}

mixIn(UsersController);
mixIn(OrdersController);

function application(controllers: (typeof UsersController)[]) {
  @Module({ imports: [CorsModule.forRoot({ origin: 'https://app.example.com' })], controllers })
  class Root {}
  return Root;
}

describe('a mistake in a method of several controllers', () => {
  it.each([
    [
      'copied',
      [UsersController, OrdersController],
      [
        ['max-age-range', ['UsersController.list', 'OrdersController.list']],
        ['decorator-conflict', ['UsersController.all']],
      ],
    ],
    [
      'inherited',
      [ItemsController, PartsController],
      [
        ['max-age-range', ['ItemsController.list', 'PartsController.list']],
        ['decorator-conflict', ['Listing.all']],
      ],
    ],
  ])('is reported once if the method is %s', async (_title, controllers, expected) => {
    const { problems } = await boot(application(controllers));
    const found = problems.map(({ code, targets }) => [code, targets]);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });
});
