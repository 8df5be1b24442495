import { Injectable } from '@nestjs/common';
import type { CachedOriginResolver } from 'nestjs-cors';
import { CustomerTable } from './customer-table.js';

@Injectable()
export class CustomerOrigins implements CachedOriginResolver {
  constructor(private readonly customers: CustomerTable) {}

  async resolve(origin: string): Promise<boolean> {
    return (await this.customers.findByOrigin(origin)) !== undefined;
  }
}
