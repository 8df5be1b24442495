import { Body, Controller, Get, Headers, Post, Res, UnauthorizedException } from '@nestjs/common';
import { Cors } from 'nestjs-cors';
import type { Reply } from '../reply.js';
import { Sessions } from './sessions.js';

/**
 * With cookies, for the origins of the application-wide policy.
 *
 * Page and API are different sites here, so the cookie is `SameSite=None`, and `Partitioned` because browsers that block
 * third-party cookies still keep one for each site it is used from. Such a cookie goes along with every page's requests,
 * so writes of pages that were not invited are not only unreadable but refused: that is `enforce`.
 */
@Cors({ credentials: true, enforce: 'unsafe-methods' })
@Controller('account')
export class AccountController {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  @Get()
  show(@Headers('cookie') cookies: string | undefined) {
    const name = this.#sessions.userOf(cookies);
    if (name === undefined) {
      // The policy's headers are on errors too: the page can tell "signed out" from "network down".
      throw new UnauthorizedException('Please sign in.');
    }
    return { name };
  }

  /** A sample has no passwords. */
  @Post('session')
  signIn(@Body() body: { name?: unknown } | undefined, @Res({ passthrough: true }) reply: Reply) {
    const name = String(body?.name ?? 'nobody');
    const session = this.#sessions.open(name);
    reply.header('Set-Cookie', `session=${session}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned`);
    return { name };
  }
}
