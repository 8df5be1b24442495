import { Body, Controller, Get, Headers, Post, Res, UnauthorizedException } from '@nestjs/common';
import { Cors } from 'nestjs-cors';
import type { Reply } from '../reply.js';
import { Sessions } from './sessions.js';

/**
 * Uses cookies, for the origins of the application-wide policy.
 *
 * Page and API are different sites here, so the cookie is `SameSite=None`. It is `Partitioned`, because browsers that
 * block third-party cookies still store a partitioned one for each site. Browsers send such a cookie with the requests
 * of every page. So `enforce` refuses writes from pages that the policy does not allow.
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
      // Errors have the CORS headers too, so the page can tell "signed out" from "network down".
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
