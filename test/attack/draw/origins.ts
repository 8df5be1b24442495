/** Origins that policies allow. */
export const TRUSTED = Object.freeze([
  'https://app.example.com',
  'https://admin.example.com',
  'https://partner.test',
  'https://partner.test:8443',
  'http://localhost:3000',
  'capacitor://localhost',
]);

/** The origins that the subdomain pattern of the applications allows. */
export const PATTERN = 'https://*.example.com';

/** Origins that no list allows. Each differs from a trusted origin in one step. */
export const STRANGERS = Object.freeze([
  'https://evil.test',
  'https://example.com',
  'https://app.example.com.evil.test',
  'https://evilexample.com',
  'http://app.example.com',
  'https://app.example.com:444',
  'https://partner.test:8444',
  'http://partner.test',
  'https://partner.test.',
  'http://localhost:3001',
  'http://localhost',
  'https://localhost:3000',
]);

/** Values that no browser sends as an origin. Only `*` answers them. */
export const MALFORMED = Object.freeze([
  'null',
  'https://app.example.com/',
  'https://APP.example.com',
  'https://app.example.com:443',
  '',
  'https://user@app.example.com',
  'https://evil.test/.example.com',
  `https://${'a'.repeat(340)}.example.com`,
]);

/** Whether a pattern matches, in the slow and obvious way. */
export function matchesPattern(origin: string, pattern: string): boolean {
  const [before = '', after = ''] = pattern.split('*');
  const isWholeLabel = before.endsWith('//');
  const star = isWholeLabel ? /^(?:[a-z0-9_-]+\.)*[a-z0-9_-]+$/ : /^[a-z0-9-]+$/;
  return (
    origin.startsWith(before) &&
    origin.endsWith(after) &&
    star.test(origin.slice(before.length, origin.length - after.length))
  );
}
