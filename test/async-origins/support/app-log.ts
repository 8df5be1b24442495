import type { LoggerService } from '@nestjs/common';

/** Records the log of an application: pass it as `application: { logger }`. */
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

  /** The errors since the last call. */
  takeErrors(): string[] {
    const errors = this.#errors;
    this.#errors = [];
    return errors;
  }

  /** The warnings since the last call. */
  takeWarnings(): string[] {
    const warnings = this.#warnings;
    this.#warnings = [];
    return warnings;
  }
}
