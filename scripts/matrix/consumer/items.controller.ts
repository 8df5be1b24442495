import { Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { Cors } from 'nestjs-cors';
import { CatalogueService } from './catalogue.service';

@Controller('items')
export class ItemsController {
  readonly #catalogue: CatalogueService;

  constructor(catalogue: CatalogueService) {
    this.#catalogue = catalogue;
  }

  @Cors({ origin: 'https://app.example.com', credentials: true, exposedHeaders: ['X-Total-Count'], maxAge: 600 })
  @Get()
  list(): string[] {
    return this.#catalogue.list();
  }

  @Cors({ origin: ['https://admin.example.com'], allowedHeaders: ['authorization'] })
  @Delete(':id')
  remove(@Param('id') id: string): string {
    return `removed ${id}`;
  }

  @Cors({ enforce: 'all' })
  @Post('order')
  order(): string {
    return 'ordered';
  }
}
