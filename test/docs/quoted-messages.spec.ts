import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Module } from '@nestjs/common';
import { CorsConfigurationError, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { PLATFORMS, type Platform, type RootModule, startApp } from '../support/platforms.js';
import { readSections } from './support/pages.js';
import { Program } from './support/program.js';

const EXPRESS = PLATFORMS[0] as Platform;

@Controller('orders')
class OrdersController {
  @Delete(':id') remove(): void {}
}

function moduleWith(options: CorsModuleOptions): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)], controllers: [OrdersController] })
  class AppModule {}
  return AppModule;
}

describe('the documentation', () => {
  it('quotes a problem in docs/problems.md exactly as it is thrown', async () => {
    const section = readSections('docs/problems.md').find(({ title }) => title === 'Read the problems in code');
    const program = new Program(section as NonNullable<typeof section>, EXPRESS);
    const shown = (await program.run()).at(-1)?.declared.problem;
    await program.close();
    const options = { origin: 'https://app.example.com', methods: 'GET,PUT,DELETE' } as unknown as CorsModuleOptions;
    const error: unknown = await startApp(EXPRESS, moduleWith(options)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CorsConfigurationError);
    expect((error as CorsConfigurationError).problems).toEqual([shown]);
  });

  it('quotes a log line in docs/when-blocked.md exactly as it is logged', async () => {
    const lines: unknown[] = [];
    const log = (line: unknown) => lines.push(line);
    const logger = { log: () => undefined, warn: log, error: log };
    const root = moduleWith({ origin: 'https://admin.example.com' });
    const running = await startApp(EXPRESS, root, { application: { logger } });
    await running.request({
      method: 'OPTIONS',
      path: '/orders/7',
      headers: {
        Origin: 'https://app.example.com',
        'Access-Control-Request-Method': 'DELETE',
        'Access-Control-Request-Headers': 'authorization',
      },
    });
    await running.close();
    const shown = /^```text\n(.*)\n```$/m.exec(readFileSync('docs/when-blocked.md', 'utf8'))?.[1];
    expect(lines).toEqual([shown]);
  });
});
