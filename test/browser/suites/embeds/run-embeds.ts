import { readFileSync } from 'node:fs';
import type { Browser, BrowserName } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import { EMBEDS, type Embed, type EmbedResult, embedAll } from './embed.js';
import { type EmbedServer, FILE_PATHS } from './embed-servers.js';

type FilePath = keyof typeof FILE_PATHS;

const EMBEDDER_POLICIES = Object.freeze(['none', 'require-corp', 'credentialless']);
const FILES_HOST = 'api.shop.localhost';
const PAGES = Object.freeze([
  ['another site', 'evil.localhost'],
  ['the same site', 'app.shop.localhost'],
] as const);

/** The paths whose answers have the header of each column of the documented table. */
const COLUMNS: readonly (readonly FilePath[])[] = Object.freeze([
  ['no-header'],
  ['same-origin', 'helmet/untouched'],
  ['same-site'],
  ['cross-origin', 'helmet/replaced'],
]);

/** One cell of the documented table. */
interface DocumentedEmbed {
  readonly embedderPolicy: string;
  readonly embed: Embed;
  readonly path: FilePath;
  readonly result: EmbedResult;
}

/** Embeds every kind of file from pages with and without COEP, and compares the results with the recipe. */
export async function runEmbeds(
  browser: Browser,
  browserName: BrowserName,
  servers: readonly EmbedServer[],
  checks: Checks,
): Promise<void> {
  const documented = readTable();
  const complete = EMBEDDER_POLICIES.length * Object.keys(EMBEDS).length * Object.keys(FILE_PATHS).length;
  checks.equal('the recipe says what every embed does', documented.length, complete);
  for (const { platform, port } of servers) {
    for (const [site, host] of PAGES) {
      for (const embedderPolicy of EMBEDDER_POLICIES) {
        const cells = documented.filter((cell) => cell.embedderPolicy === embedderPolicy);
        await browser.visit(`https://${host}:${port}/pages/${embedderPolicy}`);
        const results = await browser.evaluate(
          embedAll,
          cells.map(({ embed, path }) => ({ embed, url: `https://${FILES_HOST}:${port}/${path}/${EMBEDS[embed]}` })),
        );
        for (const [at, cell] of cells.entries()) {
          const name = `${browserName}, embeds on ${platform}, a page of ${site} under COEP ${embedderPolicy}, ${cell.embed} of ${cell.path}`;
          const expected = documented.find((other) => isLike(other, cell, browserName)) as DocumentedEmbed;
          checks.equal(name, results[at], site === 'the same site' ? onSameSite(expected) : expected.result);
        }
      }
    }
  }
}

/** The cell itself; in WebKit an image for a font, because WebKit loads fonts without CORS, as the recipe says. */
function isLike(
  other: DocumentedEmbed,
  { embed, path, embedderPolicy }: DocumentedEmbed,
  browser: BrowserName,
): boolean {
  const like = browser === 'webkit' && embed === 'fonts' ? '<img>' : embed;
  return other.embed === like && other.path === path && other.embedderPolicy === embedderPolicy;
}

/** The table is about pages of another site. For pages of the same site, `same-site` is as good as `cross-origin`. */
function onSameSite({ path, result }: DocumentedEmbed): EmbedResult {
  return path === 'same-site' ? 'loads' : result;
}

function readTable(): readonly DocumentedEmbed[] {
  const recipe = readFileSync('docs/recipes.md', 'utf8');
  const [table = ''] = /(?<=^\| embed \| COEP of the page .*\n\| --- .*\n)(?:\|.*\n)+/m.exec(recipe) ?? [];
  return table
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [embeds = '', page = '', ...results] = line.replaceAll('`', '').slice(2, -2).split(' | ');
      const kinds = embeds.replace(': CORS decides', '').split(', ') as Embed[];
      const policies = page === 'any' ? EMBEDDER_POLICIES : [page];
      return policies.flatMap((embedderPolicy) =>
        kinds.flatMap((embed) =>
          COLUMNS.flatMap((paths, at) =>
            paths.map((path) => ({ embedderPolicy, embed, path, result: results[at] as EmbedResult })),
          ),
        ),
      );
    });
}
