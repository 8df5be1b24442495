import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Module } from '@nestjs/common';
import { CorsConfigurationError, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { corsMatchers, openPage } from 'nestjs-cors/testing';
import { PLATFORMS, type Platform, type RootModule, startApp } from '../support/platforms.js';
import { type CodeBlock, readSections, type Section } from './support/pages.js';
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

function sectionOf(page: string, title: string): Section {
  const section = readSections(page).find((one) => one.title === title);
  if (section === undefined) {
    throw new Error(`${page} has no section "${title}"`);
  }
  return section;
}

/** The `txt` block of a section, without the newline at its end. */
function outputIn({ parts }: Section): string | undefined {
  const blocks = parts.filter((part): part is CodeBlock => part.kind === 'code' && part.language === 'txt');
  return blocks.at(-1)?.code.trimEnd();
}

describe('the documentation', () => {
  it('quotes a problem in docs/problems.md exactly as it is thrown', async () => {
    const program = new Program(sectionOf('docs/problems.md', 'Read the problems in code'), EXPRESS);
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

  it('quotes the failure of a matcher in docs/testing.md exactly as it is thrown', async () => {
    const page = 'docs/testing.md';
    const program = new Program(sectionOf(page, 'Test a policy'), EXPRESS);
    const [shown] = await program.run();
    const running = await startApp(EXPRESS, shown?.declared.AppModule as RootModule);
    expect.extend(corsMatchers);
    const expectation = expect(openPage(running.app, 'https://app.example.com'));
    const failure: unknown = await expectation.toRead('/orders/7', { method: 'DELETE' }).catch((error) => error);
    await program.close(running.app);
    expect((failure as Error).message).toBe(outputIn(sectionOf(page, 'Why is a request blocked?')));
  });

  it('quotes the warning about enableCors() in docs/migrating.md exactly as it is logged', async () => {
    const lines: unknown[] = [];
    const warn = (line: unknown) => lines.push(line);
    const logger = { log: () => undefined, warn, error: warn };
    const running = await startApp(EXPRESS, moduleWith({}), { application: { cors: true, logger } });
    await running.close();
    expect(lines).toEqual([outputIn(sectionOf('docs/migrating.md', 'Let the log translate your options'))]);
  });

  it('shows the snapshot in docs/testing.md as the spec before it writes it', () => {
    const snapshots = readFileSync('test/docs/__snapshots__/examples.spec.ts.snap', 'utf8');
    expect(snapshots).toContain(`"${outputIn(sectionOf('docs/testing.md', 'Test a policy without HTTP'))}"`);
  });
});
