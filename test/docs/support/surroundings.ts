import type { INestApplication } from '@nestjs/common';

/** Declares the names that excerpts use without an import. `program.ts` defines their values. */
export const AMBIENT_NAMES = `
  import type { NestExpressApplication } from '@nestjs/platform-express';

  declare global {
    /** The application of main.ts. */
    const app: NestExpressApplication;
  }
`;

/** Files of the reader's application that blocks import but no block shows. */
export const READERS_FILES: Readonly<Record<string, string>> = Object.freeze({
  'app.module.ts': `
    import { Controller, Delete, Get, Module, Post } from '@nestjs/common';

    @Controller('orders')
    export class OrdersController {
      @Get() list() { return [{ id: 1 }]; }
      @Post() create() { return { id: 2 }; }
      @Delete(':id') remove() { return { removed: true }; }
    }

    @Module({ imports: [], controllers: [OrdersController] })
    export class AppModule {}
  `,
  'customer-table.ts': `
    import { Injectable } from '@nestjs/common';

    export interface Customer { readonly apiHost: string; readonly origin: string }

    /** Stands for a table of a database. */
    @Injectable()
    export class CustomerTable {
      readonly #rows = new Map<string, Customer>([
        ['https://first.example', { apiHost: 'first.api.example', origin: 'https://first.example' }],
      ]);

      async findByOrigin(origin: string): Promise<Customer | undefined> { return this.#rows.get(origin); }
      async save(customer: Customer): Promise<void> { this.#rows.set(customer.origin, customer); }
      async remove(origin: string): Promise<void> { this.#rows.delete(origin); }
    }
  `,
  'upload-server.ts': `
    import type { IncomingMessage, ServerResponse } from 'node:http';

    export class UploadServer {
      async handle(_request: IncomingMessage, response: ServerResponse): Promise<void> { response.end(); }
    }
  `,
});

/** The configuration of a section's application in `main.ts`, by the section's title. */
export const CONFIGURATIONS: Readonly<Record<string, (app: INestApplication) => unknown>> = Object.freeze({
  // Like `SwaggerModule.setup('docs', app, document)`.
  'Share the Swagger document': (app: INestApplication) => {
    for (const path of ['/docs', '/docs-json', '/docs-yaml']) {
      app.getHttpAdapter().get(path, (_request, response) => app.getHttpAdapter().reply(response, 'document', 200));
    }
  },
});
