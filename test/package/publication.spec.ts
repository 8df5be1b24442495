import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const SCRIPT = path.resolve('scripts/package/publication.mjs');
const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const FILLED = JSON.parse(JSON.stringify(manifest).replaceAll('OWNER', 'acme'));
const RELATIVE = `# Name
[docs](docs/README.md#top), [here](#top), [there](https://example.com), ![picture](./docs/images/a.svg)
<img src="docs/images/b.png"> <a href="CHANGELOG.md">changes</a>
[reference]: SECURITY.md
\`\`\`ts
const text = '[not a link](docs/x.md)';
\`\`\`
`;
const PAGES = 'https://github.com/acme/nestjs-cors/blob/HEAD/';
const PICTURES = 'https://raw.githubusercontent.com/acme/nestjs-cors/HEAD/';
const ABSOLUTE = RELATIVE.replace('(docs/README', `(${PAGES}docs/README`)
  .replace('./docs/images/a', `${PICTURES}docs/images/a`)
  .replace('"docs/images/b', `"${PICTURES}docs/images/b`)
  .replace('"CHANGELOG', `"${PAGES}CHANGELOG`)
  .replace(': SECURITY', `: ${PAGES}SECURITY`);

describe('package.json', () => {
  it('derives its addresses from the repository', () => {
    const [, address] = /^git\+(.+)\.git$/.exec(manifest.repository.url) ?? [];
    expect(manifest.homepage).toBe(`${address}#readme`);
    expect(manifest.bugs).toBe(`${address}/issues`);
  });
});

describe('publication.mjs', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-publication-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const run = (moment: 'before' | 'after', packageJson: object, readme: string) => {
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(packageJson));
    fs.writeFileSync(path.join(folder, 'README.md'), readme);
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, moment], { cwd: folder, encoding: 'utf8' });
    return { code: status, error: stderr, readme: fs.readFileSync(path.join(folder, 'README.md'), 'utf8') };
  };

  it('makes the links of the README absolute before npm publishes', () => {
    expect(run('before', FILLED, RELATIVE)).toEqual({ code: 0, error: '', readme: ABSOLUTE });
  });

  it('does not change absolute links', () => {
    expect(run('before', FILLED, ABSOLUTE).readme).toBe(ABSOLUTE);
  });

  it('makes links relative again after publication', () => {
    expect(run('after', FILLED, ABSOLUTE).readme).toBe(RELATIVE.replace('./docs', 'docs'));
  });

  it('stops npm while the placeholder is there, and names the fields', () => {
    const placeholders = { ...FILLED, author: 'OWNER', bugs: 'https://github.com/OWNER/nestjs-cors/issues' };
    const { code, error, readme } = run('before', placeholders, RELATIVE);
    expect({ code, readme }).toEqual({ code: 1, readme: RELATIVE });
    expect(error).toContain('package.json has the placeholder OWNER in author, bugs. Write your name in author');
  });

  it('rejects a repository address in an unknown form, and names the form', () => {
    const elsewhere = { ...FILLED, repository: { type: 'git', url: 'https://example.com/code' } };
    expect(run('before', elsewhere, RELATIVE).error).toContain('Write it as git+https://github.com/owner/name.git');
  });
});
