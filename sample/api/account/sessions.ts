import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const MOST_SESSIONS = 100;

/** The signed-in users, in memory. */
@Injectable()
export class Sessions {
  readonly #users = new Map<string, string>();

  /** @returns the session's identifier, for the cookie */
  open(user: string): string {
    const oldest = this.#users.keys().next();
    if (this.#users.size >= MOST_SESSIONS && oldest.done !== true) {
      this.#users.delete(oldest.value);
    }
    const id = randomUUID();
    this.#users.set(id, user);
    return id;
  }

  /** The user that a Cookie header identifies. */
  userOf(cookies: string | undefined): string | undefined {
    const id = /(?:^|; )session=([\w-]+)/.exec(cookies ?? '')?.[1];
    return id === undefined ? undefined : this.#users.get(id);
  }
}
