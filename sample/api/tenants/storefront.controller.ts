import { Controller, Get, Headers } from '@nestjs/common';
import { Cors } from 'nestjs-cors';
import { TenantDatabase } from './tenant-database.js';
import { TenantOrigins } from './tenant-origins.js';

/** For the shops of all tenants, wherever they are hosted: the origins are in the database. */
@Cors({ origin: TenantOrigins })
@Controller('storefront')
export class StorefrontController {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** Only public data, because a client that is not a browser can send any Origin. */
  @Get()
  show(@Headers('origin') origin: string | undefined) {
    return { tenant: this.#database.tenantOf(origin ?? '') ?? 'none', greeting: 'Welcome' };
  }
}
