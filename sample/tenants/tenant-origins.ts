import { Injectable } from '@nestjs/common';
import type { CachedOriginResolver } from 'nestjs-cors';
import { TenantDatabase } from './tenant-database.js';

/** Allows the origins that tenants have registered. Answers are cached; whoever changes them says `forget()`. */
@Injectable()
export class TenantOrigins implements CachedOriginResolver {
  constructor(private readonly database: TenantDatabase) {}

  resolve(origin: string): boolean {
    return this.database.tenantOf(origin) !== undefined;
  }
}
