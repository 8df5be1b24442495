import fs from 'node:fs';
import { createRequire } from 'node:module';

const lockFile = fs.readFileSync('package-lock.json', 'utf8');
const lock = JSON.parse(lockFile) as { packages: Record<string, Record<string, unknown>> };
const { minVersion, satisfies } = createRequire(import.meta.url)('semver') as {
  minVersion(range: string): { version: string };
  satisfies(version: string, range: string): boolean;
};
const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as Record<string, unknown>;

describe('package-lock.json', () => {
  it('contains no download addresses', () => {
    // Without addresses, an install uses the registry of the machine.
    expect(lockFile).not.toMatch(/"resolved"/);
    expect(fs.readFileSync('.npmrc', 'utf8')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  it('has an integrity hash for every package', () => {
    const unchecked = Object.entries(lock.packages)
      .filter(([folder, { integrity, inBundle }]) => folder !== '' && integrity === undefined && inBundle !== true)
      .map(([folder]) => folder);
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
    const oldest = minVersion((manifest.engines as { node: string }).node).version;
    const refusing = Object.entries(lock.packages)
      .map(([folder, { engines }]) => ({ folder, range: (engines as { node?: string } | undefined)?.node ?? '*' }))
      .filter(({ range }) => !satisfies(oldest, range));
    expect(refusing).toEqual([]);
  });
});
