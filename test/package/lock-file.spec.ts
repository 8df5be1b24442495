import fs from 'node:fs';
import { createRequire } from 'node:module';

const { minVersion, satisfies } = createRequire(import.meta.url)('semver') as {
  minVersion(range: string): { version: string };
  satisfies(version: string, range: string): boolean;
};
const OLDEST_NODE = minVersion(JSON.parse(fs.readFileSync('package.json', 'utf8')).engines.node).version;

describe.each(['.', 'test/neighbours/nest-11', 'test/neighbours/nest-12'])('package-lock.json in %s', (folder) => {
  const lockFile = fs.readFileSync(`${folder}/package-lock.json`, 'utf8');
  const lock = JSON.parse(lockFile) as { packages: Record<string, Record<string, unknown>> };
  const manifest = JSON.parse(fs.readFileSync(`${folder}/package.json`, 'utf8')) as Record<string, unknown>;

  it('contains no download addresses', () => {
    // Without addresses, an install uses the registry of the machine.
    expect(lockFile).not.toMatch(/"resolved"/);
    expect(fs.readFileSync(`${folder}/.npmrc`, 'utf8')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  it('has an integrity hash for every package', () => {
    const unchecked = Object.entries(lock.packages)
      .filter(([name, { integrity, inBundle }]) => name !== '' && integrity === undefined && inBundle !== true)
      .map(([name]) => name);
    expect(unchecked).toEqual([]);
  });

  it.each(['version', 'dependencies', 'devDependencies', 'peerDependencies', 'peerDependenciesMeta', 'engines'])(
    'agrees with package.json on %s',
    (field) => {
      expect(lock.packages['']?.[field]).toEqual(manifest[field]);
    },
  );

  it('pins every development tool to an exact version', () => {
    const versions = Object.entries(manifest.devDependencies as Record<string, string>);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('contains only packages that support the oldest Node of the package', () => {
    // Otherwise `npm ci` prints a warning for each of them on that Node.
    const refusing = Object.entries(lock.packages)
      .map(([name, { engines }]) => ({ name, range: (engines as { node?: string } | undefined)?.node ?? '*' }))
      .filter(({ range }) => !satisfies(OLDEST_NODE, range));
    expect(refusing).toEqual([]);
  });
});
