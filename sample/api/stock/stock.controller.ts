import { Controller, Get, Header } from '@nestjs/common';
import { Cors } from 'nestjs-cors';

/** For partners: their origin, their header, reading only. */
@Cors('partners')
@Controller('stock')
export class StockController {
  @Get()
  @Header('X-Requests-Left', '99')
  list() {
    return [{ product: 'Lamp', pieces: 14 }];
  }
}
