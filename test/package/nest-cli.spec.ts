import fs from 'node:fs';
import path from 'node:path';

interface Project {
  readonly sourceRoot: string;
  readonly entryFile?: string;
  readonly compilerOptions: { readonly tsConfigPath: string };
}

const { projects, ...root } = JSON.parse(fs.readFileSync('nest-cli.json', 'utf8')) as Project & {
  readonly projects: Readonly<Record<string, Project>>;
};

describe('nest-cli.json', () => {
  it.each(Object.entries({ package: { entryFile: 'index', ...root }, ...projects }))(
    'names files that exist for the %s',
    (_, { sourceRoot, entryFile, compilerOptions }) => {
      const files = [path.join(sourceRoot, `${entryFile}.ts`), compilerOptions.tsConfigPath];
      expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
    },
  );
});
