import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CorsForbiddenException } from './cors-forbidden.exception.js';

/**
 * Answers {@link CorsForbiddenException} with 403 and a plain JSON body. It catches nothing else, so that it never takes
 * an error from the application's own filters.
 */
@Injectable()
@Catch(CorsForbiddenException)
export class CorsExceptionFilter implements ExceptionFilter<CorsForbiddenException> {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: CorsForbiddenException, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      throw exception;
    }
    const { httpAdapter } = this.adapterHost;
    const statusCode = exception.getStatus();
    // The code tells it from the application's own 403s; the reason stays in the log.
    const body = { statusCode, message: exception.message, error: 'Forbidden', code: 'cors-forbidden' };
    httpAdapter.reply(host.switchToHttp().getResponse(), body, statusCode);
  }
}
