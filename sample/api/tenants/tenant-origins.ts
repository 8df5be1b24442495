import { Injectable } from '@nestjs/common';
import type { CachedOriginResolver } from 'nestjs-cors';
import { TenantDatabase } from './tenant-database.js';

/** Allows the origins that tenants have registered. Answers are cached: call `forget()` after a change. */
@Injectable()
export class TenantOrigins implements CachedOriginResolver {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  resolve(origin: string): boolean {
    return this.#database.tenantOf(origin) !== undefined;
  }
}
