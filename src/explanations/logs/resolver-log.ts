import type { ResolverEvent } from '../../resolver/resolver-event.js';
import { BoundedLog } from './bounded-log.js';
import { logText } from './log-text.js';

/** Logs failures of resolvers and predicates. The number of lines is bounded. */
export class ResolverLog {
  readonly #lines = new BoundedLog();
  readonly #logger: { error(message: string): void };

  constructor(logger: { error(message: string): void }) {
    this.#logger = logger;
  }

  add({ code, message, resolver, origin, error }: ResolverEvent): void {
    if (!this.#lines.admits(`${code} ${resolver ?? ''}`)) {
      return;
    }
    const about = origin === undefined ? '' : ` Origin: ${logText(origin)}.`;
    const cause =
      error === undefined ? '' : ` Error: ${logText(error instanceof Error ? error.message : String(error))}.`;
    this.#logger.error(`${code}: ${message}${about}${cause}`);
  }
}
