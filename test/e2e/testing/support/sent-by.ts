import type { Page } from 'nestjs-cors/testing';

/** Which requests left the page since the last call: `P` for a preflight, else the method. */
export function sentBy(page: Page): () => string {
  let seen = 0;
  return () => {
    const sent = page.exchanges.slice(seen).map(({ preflight, method }) => (preflight ? 'P' : method));
    seen = page.exchanges.length;
    return sent.join(' ');
  };
}
