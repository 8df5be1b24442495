import { Injectable } from '@nestjs/common';
import { OriginResolverService } from 'nestjs-cors';
import { type Customer, CustomerTable } from './customer-table.js';

@Injectable()
export class CustomersService {
  constructor(
    private readonly customers: CustomerTable,
    private readonly origins: OriginResolverService,
  ) {}

  async save(customer: Customer): Promise<void> {
    await this.customers.save(customer);
    // The answer "no" may be cached from before.
    await this.origins.forget(customer.origin);
  }

  async remove(origin: string): Promise<void> {
    await this.customers.remove(origin);
    await this.origins.forget(origin);
  }
}
