import { isLoopbackHost } from '../../origin/origin-hosts.js';
import { parseOriginPattern } from '../../origin/parse-origin-pattern.js';
import { type OriginEntry, reportInsecure } from './origin-entry.js';
import { quoteValue } from './quote-value.js';

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
  // Applications on devices have `capacitor://localhost`, which nothing on the machine can serve.
  const served = pattern.scheme === 'http' || pattern.scheme === 'https';
  if (loopback && served && environment.production) {
    findings.warning(
      'loopback-in-production',
      ['origin'],
      `${place} is ${quoted}, so in production any program on a visitor's machine can answer under an allowed origin`,
      'Allow it in development only, for example by an environment variable.',
    );
  }
  if (pattern.scheme === 'http' && !loopback) {
    reportInsecure(entry, text, `${place} is ${quoted}, an http: origin`);
  }
  if (pattern.coversTopLevelDomain && safety.credentials) {
    findings.problem(
      'credentials-public-suffix',
      ['origin', 'credentials'],
      text,
      `${place} is ${quoted} together with credentials: true, which trusts every site below .${pattern.host}`,
      `${entry.remedy()} with hosts of your own, such as \`'https://*.example.com'\`, or \`credentials: false\`.`,
    );
  }
}
