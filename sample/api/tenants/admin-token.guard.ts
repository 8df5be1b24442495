import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';

/** Accepts requests with `Authorization: Bearer <ADMIN_TOKEN>`. Preflights never reach a guard. */
@Injectable()
export class AdminTokenGuard implements CanActivate {
  readonly #expected: Buffer;

  constructor(config: ConfigService) {
    this.#expected = digest(`Bearer ${config.getOrThrow<string>('ADMIN_TOKEN')}`);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), this.#expected)) {
      throw new UnauthorizedException('The administrator’s token is missing or wrong.');
    }
    return true;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
