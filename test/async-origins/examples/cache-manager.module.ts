import { CACHE_MANAGER, CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import type { Cache } from 'cache-manager';
import { CorsModule } from 'nestjs-cors';
import { CustomerOrigins } from './customer-origins.js';
import { CustomerTable } from './customer-table.js';

@Module({
  imports: [
    CacheModule.register({ isGlobal: true }),
    CorsModule.forRootAsync({
      inject: [CACHE_MANAGER],
      useFactory: (cache: Cache) => ({ origin: CustomerOrigins, resolver: { store: cache.stores[0] } }),
    }),
  ],
  providers: [CustomerTable, CustomerOrigins],
})
export class CacheManagerModule {}
