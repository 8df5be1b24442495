import { Controller, Get, Module } from '@nestjs/common';
import { Keyv } from 'keyv';
import { Cors, CorsModule } from 'nestjs-cors';
import { CustomerOrigins } from './customer-origins.js';
import { CustomerTable } from './customer-table.js';
import { CustomersService } from './customers.service.js';
import { TenantOrigins } from './tenant-origins.js';

@Cors({ origin: CustomerOrigins })
@Controller('catalogue')
class CatalogueController {
  @Get() list(): string {
    return 'catalogue';
  }
}

@Cors('tenants')
@Controller('orders')
class OrdersController {
  @Get() list(): string {
    return 'orders';
  }
}

/** In memory. With `new KeyvRedis('redis://localhost:6379')` as its argument, instances share it. */
const keyv = new Keyv();

@Module({
  imports: [
    CorsModule.forRoot({
      policies: { tenants: { origin: TenantOrigins, credentials: true } },
      resolver: { store: keyv, allowedTtl: 300_000, localTtl: 5_000 },
    }),
  ],
  controllers: [CatalogueController, OrdersController],
  providers: [CustomerTable, CustomerOrigins, TenantOrigins, CustomersService],
})
export class AppModule {}
