import type { LoggerService } from '@nestjs/common';

/** An application's log, kept for the test: pass it as `application: { logger }`. */
export class AppLog implements LoggerService {
  #errors: string[] = [];
  #warnings: string[] = [];

  log(): void {}

  warn(message: unknown): void {
    this.#warnings.push(String(message));
  }

  error(message: unknown): void {
    this.#errors.push(String(message));
  }

  /** The errors since the last time this was asked. */
  takeErrors(): string[] {
    const errors = this.#errors;
    this.#errors = [];
    return errors;
  }

  /** The warnings since the last time this was asked. */
  takeWarnings(): string[] {
    const warnings = this.#warnings;
    this.#warnings = [];
    return warnings;
  }
}
