import { Controller, Get } from '@nestjs/common';

/** No decorator at all: the application-wide policy, which is the one to have by default. */
@Controller('orders')
export class OrdersController {
  @Get()
  list() {
    return [{ id: 31, product: 'Lamp', amount: 2 }];
  }
}
