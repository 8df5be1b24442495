import type { RemovedHeaders } from '../../http/reports/request-reports.js';
import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { allowsMethod, checkOrigin } from '../../policy/decide.js';
import { lowerCaseName, SAFELISTED_RESPONSE_HEADERS } from '../../policy/header-names.js';
import { findFault, LIST_RULES } from '../../validation/options/list-rules.js';
import { sourceText } from '../../validation/problems/source-text.js';
import { logText } from './log-text.js';

/** The most handlers that are logged. */
const MOST_HANDLERS = 64;
/** The most headers of one handler that are written out. */
const MOST_HEADERS = 8;

const EXPOSE = 'access-control-expose-headers';

/** The options that say the same as a header. */
const OPTIONS: Readonly<Record<string, string>> = Object.freeze({
  'access-control-allow-origin': 'origin',
  'access-control-allow-credentials': 'credentials',
  'access-control-allow-methods': 'methods',
  'access-control-allow-headers': 'allowedHeaders',
  'access-control-max-age': 'maxAge',
});

/** A header that handlers set and browsers never get. */
interface LostHeader {
  readonly name: string;
  readonly value: string;
}

/** Logs CORS headers that handlers set themselves and that their policy replaces, once for each handler. */
export class RemovedHeadersLog {
  readonly #logged = new Set<string>();
  readonly #logger: { warn(message: string): void };
  readonly #enabled: boolean;
  #isEnableCorsActive = false;

  constructor(logger: { warn(message: string): void }, enabled: boolean) {
    this.#logger = logger;
    this.#enabled = enabled;
  }

  /** Called when `enableCors()` sets headers for every handler, of which the boot has warned. */
  enableCorsCalled(): void {
    this.#isEnableCorsActive = true;
  }

  add({ target, policy, headers }: RemovedHeaders): void {
    if (!this.#enabled || this.#logged.has(target) || this.#logged.size >= MOST_HANDLERS) {
      return;
    }
    const found = new Map<string, LostHeader>(); // plugins of Fastify set a header twice
    for (let index = 0; index < headers.length; index += 2) {
      const header = { name: lowerCaseName(String(headers[index])), value: String(headers[index + 1]) };
      if (header.name === EXPOSE ? missingNames(header, policy).length > 0 : this.#isLost(header, policy)) {
        found.set(`${header.name}: ${header.value}`, header);
      }
    }
    const lost = [...found.values()];
    if (lost.length > 0) {
      this.#logged.add(target);
      const listed = lost.slice(0, MOST_HEADERS).map(({ name, value }) => `${logText(name)}: ${logText(value)}`);
      this.#logger.warn(
        `CorsModule removed CORS headers that ${target}, or code before it, sets itself: ${listed.join(', ')}. ` +
          `Browsers get those of the policy only. ${advice(lost, policy)}`,
      );
    }
  }

  #isLost(header: LostHeader, policy: CompiledPolicy): boolean {
    return !this.#isEnableCorsActive && !isSent(header, policy);
  }
}

/** Whether a policy sends the same for the requests that it allows, or sends it to preflights, where it matters. */
function isSent({ name, value }: LostHeader, policy: CompiledPolicy): boolean {
  if (policy.state !== 'open') {
    return false;
  }
  switch (name) {
    case 'access-control-allow-origin':
      return policy.anyOrigin || checkOrigin(policy, value, undefined) === 'allowed';
    case 'access-control-allow-credentials':
      return policy.credentials || value !== 'true';
    case 'access-control-allow-methods':
      return namesIn(value.toUpperCase()).every((method) => allowsMethod(policy, method));
    case 'access-control-allow-headers':
      return policy.anyHeader || namesIn(lowerCaseName(value)).every((name) => policy.allowedHeaders.has(name));
    case 'access-control-max-age':
      return policy.maxAge === value;
    default:
      return false;
  }
}

/** The names in a header of a handler that its policy does not expose. */
function missingNames({ value }: LostHeader, policy: CompiledPolicy): readonly string[] {
  const exposed = exposedNames(policy);
  return exposed.includes('*')
    ? []
    : namesIn(lowerCaseName(value)).filter((name) => !SAFELISTED_RESPONSE_HEADERS.has(name) && !exposed.includes(name));
}

function exposedNames({ actualHeaders }: CompiledPolicy): readonly string[] {
  const at = actualHeaders.indexOf('Access-Control-Expose-Headers');
  return at === -1 ? [] : namesIn(actualHeaders[at + 1] as string);
}

function namesIn(value: string): readonly string[] {
  return [...new Set(value.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

function advice(lost: readonly LostHeader[], policy: CompiledPolicy): string {
  if (policy.state !== 'open') {
    return 'This policy allows no origin. Remove the headers, or open the route with @Cors({ origin }).';
  }
  const sentences: string[] = [];
  const wanted = lost.flatMap((header) => (header.name === EXPOSE ? missingNames(header, policy) : []));
  const { credentials } = policy;
  const valid = wanted.filter((name) => findFault(LIST_RULES.exposedHeaders, name, credentials) === undefined);
  if (valid.length > 0) {
    const names = valid.includes('*') ? ['*'] : [...new Set([...exposedNames(policy), ...valid])];
    sentences.push(`Write \`exposedHeaders: ${sourceText(names)}\`.`);
  } else if (wanted.includes('*')) {
    sentences.push('With `credentials: true` a `*` exposes nothing: list the names in `exposedHeaders`.');
  }
  const options = new Set(lost.flatMap(({ name }) => OPTIONS[name] ?? []));
  if (options.size > 0) {
    sentences.push(`These options set them: ${[...options].map((option) => `\`${option}\``).join(', ')}.`);
  }
  return sentences.join(' ') || 'Remove them from the code: no option sets them.';
}
