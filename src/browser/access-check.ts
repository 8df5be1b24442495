import { type Failure, failure, type Names } from './failure.js';
import { type HttpResponse, headerLines, headerValue } from './http-response.js';
import { type PageRequest, parseUrl } from './page-request.js';

const MISSING: Names = ['MissingAllowOriginHeader', 'CORSMissingAllowOrigin', 'origin-not-allowed'];
const SEVERAL_LINES: Names = ['MultipleAllowOriginValues', 'CORSMultipleAllowOriginNotAllowed', 'more-than-one-origin'];
const COMMA: Names = ['MultipleAllowOriginValues', 'CORSAllowOriginNotMatchingOrigin', 'more-than-one-origin'];
const SPACE: Names = ['MultipleAllowOriginValues', 'CORSAllowOriginNotMatchingOrigin', 'origin-not-allowed'];
const NO_URL: Names = ['InvalidAllowOriginValue', 'CORSAllowOriginNotMatchingOrigin', 'origin-not-allowed'];
const DIFFERENT: Names = ['AllowOriginMismatch', 'CORSAllowOriginNotMatchingOrigin', 'origin-not-allowed'];
const WILDCARD: Names = ['WildcardOriginNotAllowed', 'CORSNotSupportingCredentials', 'wildcard-with-credentials'];
const CREDENTIALS: Names = ['InvalidAllowCredentials', 'CORSMissingAllowCredentials', 'credentials-not-true'];

/**
 * The CORS check of a response; `undefined` if it passes.
 * @see https://fetch.spec.whatwg.org/#cors-check
 */
export function checkAccess(request: PageRequest, response: HttpResponse): Failure | undefined {
  const { origin, credentials } = request;
  const lines = headerLines(response, 'access-control-allow-origin');
  const value = lines.join(', ');
  if (lines.length === 0) {
    return failure('origin', MISSING, { firefox: String(response.status), webkit: origin });
  }
  if (value === '*') {
    return credentials ? failure('origin', WILDCARD) : undefined;
  }
  if (value !== origin) {
    return differentOrigin(lines, value, origin);
  }
  if (!credentials) {
    return undefined;
  }
  const allowed = headerValue(response, 'access-control-allow-credentials');
  return allowed === 'true' ? undefined : failure('credentials', CREDENTIALS, { chromium: allowed ?? '' });
}

function differentOrigin(lines: readonly string[], value: string, origin: string): Failure {
  if (lines.length > 1) {
    return failure('origin', SEVERAL_LINES, { chromium: value });
  }
  if (value.includes(',')) {
    return failure('origin', COMMA, { chromium: value, firefox: value });
  }
  const names = value.includes(' ') ? SPACE : value === 'null' || parseUrl(value) !== undefined ? DIFFERENT : NO_URL;
  return failure('origin', names, { chromium: value, firefox: value, webkit: origin });
}
