import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  NotFoundException,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { OriginResolverService } from 'nestjs-cors';
import { AdminTokenGuard } from './admin-token.guard.js';
import { TenantDatabase } from './tenant-database.js';

/**
 * Changes the origins of a tenant's shop. The application-wide policy applies, and a token is required too: CORS says
 * which pages may read answers, but not who the user is.
 */
@UseGuards(AdminTokenGuard)
@Controller('tenants/:tenant/origins')
export class TenantOriginsController {
  readonly #database: TenantDatabase;
  readonly #origins: OriginResolverService;

  constructor(database: TenantDatabase, origins: OriginResolverService) {
    this.#database = database;
    this.#origins = origins;
  }

  @Post()
  async add(@Param('tenant') tenant: string, @Body() body: { origin?: unknown } | undefined) {
    const origin = this.#check(tenant, body?.origin);
    this.#database.addOrigin(tenant, origin);
    // The answer `false` may be cached.
    await this.#origins.forget(origin);
    return { tenant, added: origin };
  }

  @Delete()
  async remove(@Param('tenant') tenant: string, @Query('origin') given: unknown) {
    const origin = this.#check(tenant, given);
    this.#database.removeOrigin(tenant, origin);
    await this.#origins.forget(origin);
    return { tenant, removed: origin };
  }

  #check(tenant: string, origin: unknown): string {
    if (!this.#database.hasTenant(tenant)) {
      throw new NotFoundException('There is no such tenant.');
    }
    if (typeof origin !== 'string' || !isWebOrigin(origin)) {
      throw new BadRequestException(
        '`origin` must be written as browsers send it, for example https://shop.example.com',
      );
    }
    return origin;
  }
}

/** Whether a text is an http or https origin as browsers send it. Customers often paste other text. */
function isWebOrigin(text: string): boolean {
  try {
    return /^https?:/.test(text) && new URL(text).origin === text;
  } catch {
    return false;
  }
}
