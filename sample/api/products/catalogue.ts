import { Injectable } from '@nestjs/common';

export interface Product {
  readonly id: number;
  readonly name: string;
}

/** The products, in memory. A restart restores the first three. */
@Injectable()
export class Catalogue {
  readonly #products = new Map<number, Product>([
    [1, { id: 1, name: 'Lamp' }],
    [2, { id: 2, name: 'Chair' }],
    [7, { id: 7, name: 'Table' }],
  ]);

  list(): Product[] {
    return [...this.#products.values()];
  }

  replace(product: Product): Product {
    this.#products.set(product.id, product);
    return product;
  }

  /** @returns whether the product existed */
  remove(id: number): boolean {
    return this.#products.delete(id);
  }
}
