import { Injectable } from '@nestjs/common';
import type { OriginResolver } from 'nestjs-cors';
import { CatalogueService } from './catalogue.service';

@Injectable()
export class TenantOrigins implements OriginResolver {
  readonly #catalogue: CatalogueService;

  constructor(catalogue: CatalogueService) {
    this.#catalogue = catalogue;
  }

  async resolve(origin: string): Promise<boolean> {
    return this.#catalogue.list().some((item) => origin === `https://${item}.example.net`);
  }
}
