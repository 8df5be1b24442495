/** The parts of hosts that a regular expression spells out: `app` and `example.com` of `^https://app\d+\.example\.com$`. */
export function spelledHosts(regexp: RegExp): readonly string[] {
  const text = regexp.source
    .replace(/\[[^\]]*\]|\{[^}]*\}/g, ' ')
    .replace(/\\([.-])/g, '$1')
    .replace(/\\./g, ' ');
  const words = (regexp.ignoreCase ? text.toLowerCase() : text)
    .split(/[^a-z0-9.-]+/)
    .map((word) => word.replace(/^[.-]+|[.-]+$/g, ''));
  return [...new Set(words.filter((word) => /[a-z]|\d\.\d/.test(word) && !/^https?$/.test(word)))];
}
