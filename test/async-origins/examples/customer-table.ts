import { Injectable } from '@nestjs/common';

/** A customer, the host its API is called at, and the origin its pages come from. */
export interface Customer {
  readonly apiHost: string;
  readonly origin: string;
}

/** In place of a database table. */
@Injectable()
export class CustomerTable {
  readonly #rows = new Map<string, Customer>();

  async findByOrigin(origin: string): Promise<Customer | undefined> {
    return this.#rows.get(origin);
  }

  async save(customer: Customer): Promise<void> {
    this.#rows.set(customer.origin, customer);
  }

  async remove(origin: string): Promise<void> {
    this.#rows.delete(origin);
  }
}
