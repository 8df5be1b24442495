import { Module } from '@nestjs/common';
import { StorefrontController } from './storefront.controller.js';
import { TenantDatabase } from './tenant-database.js';
import { TenantOriginsController } from './tenant-origins.controller.js';
import { TenantOrigins } from './tenant-origins.js';

@Module({
  controllers: [StorefrontController, TenantOriginsController],
  providers: [TenantDatabase, TenantOrigins],
})
export class TenantsModule {}
