import { Injectable } from '@nestjs/common';

@Injectable()
export class CatalogueService {
  list(): string[] {
    return ['lamp', 'chair'];
  }
}
