/** The ways to embed a file, as the documentation writes them. */
export const EMBEDS = Object.freeze({
  '<img>': 'image.gif',
  '<script>': 'script.js',
  'fetch with no-cors': 'data.txt',
  '<img crossorigin>': 'image.gif',
  '<script type="module">': 'module.js',
  fonts: 'font.woff',
  fetch: 'data.txt',
});

export type Embed = keyof typeof EMBEDS;
export type EmbedResult = 'loads' | 'blocked';

/**
 * Embeds files one after the other. Sent to the page as source text, so it must contain everything that it uses.
 */
export async function embedAll(
  files: readonly { readonly embed: Embed; readonly url: string }[],
): Promise<EmbedResult[]> {
  const element = <Kind extends 'img' | 'script'>(kind: Kind, url: string, properties: object = {}) =>
    new Promise<void>((resolve, reject) => {
      const made = Object.assign(document.createElement(kind), properties);
      made.onload = () => resolve();
      made.onerror = () => reject(new Error(kind));
      made.src = url;
      document.body.append(made);
    });
  const makers: Readonly<Record<Embed, (url: string) => Promise<unknown>>> = {
    '<img>': (url) => element('img', url),
    '<img crossorigin>': (url) => element('img', url, { crossOrigin: 'anonymous' }),
    '<script>': (url) => element('script', url),
    '<script type="module">': (url) => element('script', url, { type: 'module' }),
    fonts: (url) => new FontFace('embedded', `url(${url})`).load(),
    fetch: (url) => fetch(url),
    'fetch with no-cors': (url) => fetch(url, { mode: 'no-cors' }),
  };
  const results: EmbedResult[] = [];
  for (const { embed, url } of files) {
    results.push(
      await makers[embed](url).then(
        () => 'loads',
        () => 'blocked',
      ),
    );
  }
  return results;
}
