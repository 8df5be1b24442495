import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  NotFoundException,
  Param,
  ParseIntPipe,
  Put,
  Res,
} from '@nestjs/common';
import { Cors } from 'nestjs-cors';
import type { Reply } from '../reply.js';
import { Catalogue } from './catalogue.js';

/** Three policies for one path: every page may read, editors may replace, and only the front end may delete. */
@Controller('products')
export class ProductsController {
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Public data without cookies. Pages of other origins can read only the exposed one of the two headers. */
  @Cors({ origin: '*', exposedHeaders: ['x-total-count'] })
  @Get()
  @Header('X-Served-By', 'shelf-3')
  list(@Res({ passthrough: true }) reply: Reply) {
    const products = this.#catalogue.list();
    reply.header('X-Total-Count', String(products.length));
    return products;
  }

  @Cors('editors')
  @Put(':id')
  replace(@Param('id', ParseIntPipe) id: number, @Body() body: { name?: unknown } | undefined) {
    return this.#catalogue.replace({ id, name: String(body?.name ?? 'Nameless') });
  }

  /** No decorator: the application-wide policy. */
  @Delete(':id')
  remove(@Param('id', ParseIntPipe) id: number) {
    if (!this.#catalogue.remove(id)) {
      throw new NotFoundException(`There is no product ${id}.`);
    }
    return { removed: id };
  }
}
