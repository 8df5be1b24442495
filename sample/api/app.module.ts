import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { CorsModule } from 'nestjs-cors';
import { corsConfig } from 'nestjs-cors/config';
import { AccountController } from './account/account.controller.js';
import { Sessions } from './account/sessions.js';
import { corsOptions } from './cors-options.js';
import { EventsController } from './events/events.controller.js';
import { FeedbackController } from './feedback/feedback.controller.js';
import { InternalController } from './internal/internal.controller.js';
import { OrdersController } from './orders/orders.controller.js';
import { Catalogue } from './products/catalogue.js';
import { ProductsController } from './products/products.controller.js';
import { ReportsController } from './reports/reports.controller.js';
import { StockController } from './stock/stock.controller.js';
import { TenantsModule } from './tenants/tenants.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, envFilePath: 'sample/.env', expandVariables: true }),
    CorsModule.forRootAsync({
      imports: [ConfigModule.forFeature(corsConfig)],
      inject: [corsConfig.KEY, ConfigService],
      useFactory: corsOptions,
    }),
    TenantsModule,
  ],
  controllers: [
    AccountController,
    EventsController,
    FeedbackController,
    InternalController,
    OrdersController,
    ProductsController,
    ReportsController,
    StockController,
  ],
  providers: [Catalogue, Sessions],
})
export class AppModule {}
