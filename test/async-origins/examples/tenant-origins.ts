import { Injectable } from '@nestjs/common';
import type { KeyedOriginResolver, OriginContext } from 'nestjs-cors';
import { CustomerTable } from './customer-table.js';

@Injectable()
export class TenantOrigins implements KeyedOriginResolver {
  constructor(private readonly customers: CustomerTable) {}

  cacheKey(context: OriginContext): string {
    const { host } = context.request as { host?: string };
    if (!host) {
      throw new Error('A request without a host belongs to no tenant.');
    }
    return host;
  }

  async resolve(origin: string, context: OriginContext): Promise<boolean> {
    const customer = await this.customers.findByOrigin(origin);
    return customer?.apiHost === this.cacheKey(context);
  }
}
