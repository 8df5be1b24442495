import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import sqlite from 'node-sqlite3-wasm';

/** The origins of each tenant, in SQLite in memory. After a restart there is one origin again. */
@Injectable()
export class TenantDatabase implements OnApplicationShutdown {
  readonly #database = new sqlite.Database(':memory:');

  constructor(config: ConfigService) {
    this.#database.exec(`
      CREATE TABLE tenants (name TEXT PRIMARY KEY);
      CREATE TABLE tenant_origins (origin TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenants (name));
      INSERT INTO tenants VALUES ('acme'), ('globex');
    `);
    this.addOrigin('globex', config.getOrThrow<string>('PARTNER_ORIGIN'));
  }

  hasTenant(tenant: string): boolean {
    return this.#database.get('SELECT name FROM tenants WHERE name = ?', [tenant]) !== null;
  }

  /** The tenant that an origin belongs to. */
  tenantOf(origin: string): string | undefined {
    const row = this.#database.get('SELECT tenant FROM tenant_origins WHERE origin = ?', [origin]);
    return row === null ? undefined : String(row.tenant);
  }

  addOrigin(tenant: string, origin: string): void {
    this.#database.run('INSERT INTO tenant_origins VALUES (?, ?) ON CONFLICT (origin) DO NOTHING', [origin, tenant]);
  }

  removeOrigin(tenant: string, origin: string): void {
    this.#database.run('DELETE FROM tenant_origins WHERE origin = ? AND tenant = ?', [origin, tenant]);
  }

  onApplicationShutdown(): void {
    this.#database.close();
  }
}
