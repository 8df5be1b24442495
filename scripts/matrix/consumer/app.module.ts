import { Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { CatalogueService } from './catalogue.service';
import { ItemsController } from './items.controller';
import { StatusController } from './status.controller';
import { TenantOrigins } from './tenant-origins';

@Module({
  imports: [
    CorsModule.forRoot({
      origin: 'https://www.example.com',
      policies: { tenants: { origin: TenantOrigins, maxAge: 60 } },
    }),
  ],
  controllers: [ItemsController, StatusController],
  providers: [CatalogueService, TenantOrigins],
})
export class AppModule {}
