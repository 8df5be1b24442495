import { isLoopbackHost } from '../origin/grammar/origin-hosts.js';
import { hasOpaqueHost } from '../origin/grammar/schemes.js';
import type { OriginPattern } from '../origin/pattern/origin-pattern.js';
import { parseOriginPattern } from '../origin/pattern/parse-origin-pattern.js';
import { coversStrangers } from '../origin/pattern/shared-hosts.js';
import type { OriginEntry } from './origin-entry.js';
import { quoteValue } from './problems/quote-value.js';
import { isExpression } from './remedies/corrected-expression.js';
import { validateOriginExpression } from './validate-origin-expression.js';

/** Checks one string of the `origin` option: `'*'`, an origin or a pattern. */
export function validateOriginText(entry: OriginEntry, text: string): void {
  const { findings, safety, place } = entry;
  if (text === '*') {
    if (safety.credentials) {
      findings.problem(
        'credentials-wildcard-origin',
        ['origin', 'credentials'],
        text,
        `${place} is '*' together with \`credentials: true\`, which browsers reject`,
        `${entry.remedy()} with the origins you trust, or \`credentials: false\`.`,
      );
    }
    return;
  }
  const { fault, pattern } = parseOriginPattern(text);
  if (pattern !== undefined) {
    validatePattern(entry, text, pattern);
  } else if (isExpression(text)) {
    validateOriginExpression(entry, text);
  } else {
    findings.problem(
      fault.code,
      ['origin'],
      text,
      `${place} is ${quoteValue(text)}, which ${fault.reason}`,
      `${entry.remedy()}.`,
    );
  }
}

function validatePattern(entry: OriginEntry, text: string, pattern: OriginPattern): void {
  const { findings, environment, safety } = entry;
  const loopback = isLoopbackHost(pattern.host);
  const start = `${entry.place} is ${quoteValue(text)}`;
  // With a port it is a development server. Without one it is a packaged application (Capacitor, Tauri).
  if (loopback && pattern.port !== '' && !hasOpaqueHost(pattern.scheme) && environment.production) {
    findings.warning(
      'loopback-in-production',
      ['origin'],
      `${start}, but in production any program on a visitor's computer can use this origin`,
      'Allow development servers in development only, for example by an environment variable.',
    );
  }
  if (pattern.scheme === 'http' && !loopback) {
    reportInsecure(entry, text, start);
  }
  if (!safety.credentials || !coversStrangers(pattern)) {
    return;
  }
  if (pattern.subdomains) {
    findings.problem(
      'credentials-public-suffix',
      ['origin', 'credentials'],
      text,
      `${start} together with \`credentials: true\`, but anyone can register a host below ${pattern.host}`,
      `${entry.remedy()} with your own hosts, such as \`'https://*.example.com'\`, or \`credentials: false\`.`,
    );
  } else {
    findings.warning(
      'shared-host',
      ['origin', 'credentials'],
      `${start} together with \`credentials: true\`, but anyone can register a matching host below ${pattern.host}`,
      "Use your own host, such as `'https://*.preview.example.com'`, list the exact origins, or set `credentials: false`.",
    );
  }
}

/** Reports an `http:` origin: a problem with credentials, otherwise a warning. */
function reportInsecure({ findings, safety, remedy }: OriginEntry, text: string, start: string): void {
  if (!safety.credentials) {
    findings.warning(
      'insecure-origin',
      ['origin'],
      `${start}, but anyone on the network path can change pages that are served over http:`,
      'Serve the frontend over https: and write `https:` here.',
    );
  } else if (!safety.insecureAllowed) {
    findings.problem(
      'credentials-insecure-origin',
      ['origin', 'credentials'],
      text,
      `${start} together with \`credentials: true\`, but anyone on the network path can change http: pages and read private data`,
      `${remedy()}. If you need http:, accept the risk with \`dangerouslyAllowInsecureOrigins: true\`.`,
    );
  }
}
