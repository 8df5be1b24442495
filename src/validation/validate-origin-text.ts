import { isLoopbackHost } from '../origin/grammar/origin-hosts.js';
import { hasOpaqueHost } from '../origin/grammar/schemes.js';
import type { OriginPattern } from '../origin/pattern/origin-pattern.js';
import { parseOriginPattern } from '../origin/pattern/parse-origin-pattern.js';
import { coversStrangers } from '../origin/pattern/shared-hosts.js';
import { type OriginEntry, reportInsecure } from './origin-entry.js';
import { quoteValue } from './problems/quote-value.js';

/** Checks one text of the `origin` option: `'*'`, an origin or a pattern. */
export function validateOriginText(entry: OriginEntry, text: string): void {
  const { findings, environment, safety, place } = entry;
  if (text === '*') {
    if (safety.credentials) {
      findings.problem(
        'credentials-wildcard-origin',
        ['origin', 'credentials'],
        text,
        `${place} is '*' together with credentials: true, which browsers refuse`,
        `${entry.remedy()} with the origins you trust, or \`credentials: false\`.`,
      );
    }
    return;
  }
  const { fault, pattern } = parseOriginPattern(text);
  const quoted = quoteValue(text);
  if (pattern === undefined) {
    findings.problem(fault.code, ['origin'], text, `${place} ${quoted} ${fault.reason}`, `${entry.remedy()}.`);
    return;
  }
  const loopback = isLoopbackHost(pattern.host);
  // Without a port it is the origin of a packaged application (Capacitor, Tauri), and with one a development server.
  if (loopback && pattern.port !== '' && !hasOpaqueHost(pattern.scheme) && environment.production) {
    findings.warning(
      'loopback-in-production',
      ['origin'],
      `${place} is ${quoted}, so in production any program on a visitor's machine can serve pages of an allowed origin`,
      'Allow development servers in development only, for example by an environment variable.',
    );
  }
  if (pattern.scheme === 'http' && !loopback) {
    reportInsecure(entry, text, `${place} is ${quoted}, an http: origin`);
  }
  if (safety.credentials && coversStrangers(pattern)) {
    reportStrangers(entry, text, pattern);
  }
}

/** @param pattern one whose star covers a host where strangers can have names */
function reportStrangers(entry: OriginEntry, text: string, pattern: OriginPattern): void {
  const { findings, place } = entry;
  const quoted = quoteValue(text);
  if (pattern.subdomains) {
    findings.problem(
      'credentials-public-suffix',
      ['origin', 'credentials'],
      text,
      `${place} is ${quoted} together with credentials: true, but anyone can register a host below ${pattern.host}`,
      `${entry.remedy()} with hosts of your own, such as \`'https://*.example.com'\`, or \`credentials: false\`.`,
    );
  } else {
    findings.warning(
      'shared-host',
      ['origin', 'credentials'],
      `${place} is ${quoted} together with credentials: true, but anyone can register a matching host below ${pattern.host}`,
      "Use a host of your own, such as `'https://*.preview.example.com'`, list the exact origins, or write `credentials: false`.",
    );
  }
}
