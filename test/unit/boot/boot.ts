import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorsConfigurationError, type CorsProblem } from 'nestjs-cors';
import { PLATFORMS, type Platform, type RootModule } from '../../support/platforms.js';

/** For what does not depend on the platform. */
const [EXPRESS] = PLATFORMS as [Platform];

/** Keeps what is logged. */
export class RecordedLog implements LoggerService {
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  readonly notes: string[] = [];
  log(message: unknown): void {
    this.notes.push(String(message));
  }
  warn(message: unknown): void {
    this.warnings.push(String(message));
  }
  error(message: unknown): void {
    this.errors.push(String(message));
  }
}

/** The result of booting an application. */
export interface Boot {
  readonly problems: readonly CorsProblem[];
  readonly message: string;
  readonly log: RecordedLog;
}

/**
 * Boots an application as main.ts would, without listening, and closes it again. Errors that are no
 * `CorsConfigurationError` are thrown on.
 */
export async function boot(module: RootModule, platform: Platform = EXPRESS): Promise<Boot> {
  const log = new RecordedLog();
  let problems: readonly CorsProblem[] = [];
  let message = '';
  try {
    const app = await NestFactory.create(module, platform.createAdapter(), { logger: log, abortOnError: false });
    try {
      await app.init();
    } finally {
      await app.close();
    }
  } catch (error) {
    if (!(error instanceof CorsConfigurationError)) {
      throw error;
    }
    problems = error.problems;
    message = error.message;
  }
  return { problems, message, log };
}

/** The codes of what stopped a boot, with their targets. */
export function codesOf({ problems }: Boot): string[] {
  return problems.map(({ code, targets }) => `${code} in ${targets.join(', ')}`);
}
