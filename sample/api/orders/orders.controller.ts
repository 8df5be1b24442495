import { Controller, Get } from '@nestjs/common';

/** Without a decorator, the application-wide policy applies. This should be the usual case. */
@Controller('orders')
export class OrdersController {
  @Get()
  list() {
    return [{ id: 31, product: 'Lamp', amount: 2 }];
  }
}
