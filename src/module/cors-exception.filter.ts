import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AdapterInstallations } from '../boot/installation/adapter-installations.js';
import { FORBIDDEN_BODY } from '../http/enforcement/forbidden-response.js';
import { CorsForbiddenException } from './cors-forbidden.exception.js';

/**
 * Answers {@link CorsForbiddenException} with 403 and a plain JSON body. It catches nothing else, so it never takes an
 * error from the application's own filters.
 */
@Injectable()
@Catch(CorsForbiddenException)
export class CorsExceptionFilter implements ExceptionFilter<CorsForbiddenException> {
  readonly #adapterHost: HttpAdapterHost;

  constructor(@Inject(HttpAdapterHost) adapterHost: HttpAdapterHost) {
    this.#adapterHost = adapterHost;
  }

  catch(exception: CorsForbiddenException, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      throw exception;
    }
    const response = host.switchToHttp().getResponse<object>();
    // The host has the adapter that it received last. Each application of a testing module has its own adapter.
    const adapter =
      AdapterInstallations.find(this.#adapterHost)?.adapterServing(response) ?? this.#adapterHost.httpAdapter;
    (adapter as HttpAdapterHost['httpAdapter']).reply(
      response,
      { ...FORBIDDEN_BODY, message: exception.message },
      exception.getStatus(),
    );
  }
}
