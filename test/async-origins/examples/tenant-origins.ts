import { Injectable } from '@nestjs/common';
import type { KeyedOriginResolver, OriginContext } from 'nestjs-cors';
import { CustomerTable } from './customer-table.js';

@Injectable()
export class TenantOrigins implements KeyedOriginResolver {
  constructor(private readonly customers: CustomerTable) {}

  cacheKey(context: OriginContext): string {
    const { headers } = context.request as { headers: { host?: string } };
    return headers.host ?? '';
  }

  async resolve(origin: string, context: OriginContext): Promise<boolean> {
    const customer = await this.customers.findByOrigin(origin);
    return customer?.apiHost === this.cacheKey(context);
  }
}
