// Runs around `npm publish`. `before` stops it while package.json has the placeholder, and makes the links of README.md
// absolute, as the npm page needs them. `after` makes them relative again.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PLACEHOLDER = 'OWNER';
const PICTURE = /\.(?:png|svg|jpe?g|gif|webp)$/;
/** The targets of links and pictures in Markdown and HTML, with the text before and after them. */
const TARGETS = [/(\]\()([^)\s]+)(\))/g, /^(\[[^\]]+\]: )(\S+)()$/gm, /((?:src|srcset|href)=")([^"]+)(")/g];
const CODE_BLOCK = /(^```[\s\S]*?^```$)/m;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , moment] = process.argv;
  if (moment === 'before') {
    refusePlaceholder();
  }
  rewriteReadme('.', moment === 'before' ? 'absolute' : 'relative');
}

/**
 * Makes the links of README.md absolute or relative.
 *
 * @param {string} folder the project, whose package.json names the repository
 * @param {'absolute' | 'relative'} form
 */
export function rewriteReadme(folder, form) {
  const { repository } = readManifest(folder);
  const file = path.join(folder, 'README.md');
  const rewrite = form === 'absolute' ? absoluteLinks : relativeLinks;
  fs.writeFileSync(file, rewrite(fs.readFileSync(file, 'utf8'), repository.url));
}

/**
 * @param {string} markdown
 * @param {string} repository as package.json has it: `git+https://github.com/owner/name.git`
 * @returns {string} the same with absolute links and pictures, except in blocks of code
 */
export function absoluteLinks(markdown, repository) {
  const { pages, pictures } = addresses(repository);
  const absolute = (target) => {
    if (/^(?:[a-z]+:|#)/i.test(target)) {
      return target;
    }
    return `${PICTURE.test(target) ? pictures : pages}${path.posix.normalize(target)}`;
  };
  return markdown
    .split(CODE_BLOCK)
    .map((part, index) => (index % 2 === 1 ? part : rewriteTargets(part, absolute)))
    .join('');
}

/** Undoes {@link absoluteLinks}. */
export function relativeLinks(markdown, repository) {
  const { pages, pictures } = addresses(repository);
  return markdown.replaceAll(pages, '').replaceAll(pictures, '');
}

function rewriteTargets(text, rewrite) {
  return TARGETS.reduce(
    (rewritten, pattern) => rewritten.replace(pattern, (_, before, target, after) => before + rewrite(target) + after),
    text,
  );
}

function addresses(repository) {
  const name = /^git\+https:\/\/github\.com\/([^/]+\/[^/]+)\.git$/.exec(repository)?.[1];
  if (name === undefined) {
    throw new Error(
      `repository.url in package.json is ${JSON.stringify(repository)}. Write it as git+https://github.com/owner/name.git: ` +
        'the links of README.md are made from it.',
    );
  }
  return {
    pages: `https://github.com/${name}/blob/HEAD/`,
    pictures: `https://raw.githubusercontent.com/${name}/HEAD/`,
  };
}

function refusePlaceholder() {
  const { author, homepage, bugs, repository } = readManifest('.');
  const fields = Object.entries({ author, homepage, bugs, repository });
  const unfilled = fields.filter(([, value]) => JSON.stringify(value).includes(PLACEHOLDER)).map(([name]) => name);
  if (unfilled.length === 0) {
    return;
  }
  console.error(
    `package.json has the placeholder ${PLACEHOLDER} in ${unfilled.join(', ')}. Write your name in author, and the owner ` +
      'of the repository on GitHub in the others. Then publish again.',
  );
  process.exit(1);
}

function readManifest(folder) {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
