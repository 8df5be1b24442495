import fs from 'node:fs';

interface Damage {
  name: string;
  file: string;
  find: string;
  spec?: string;
}

const load = async (file: string): Promise<Record<string, Damage[]>> => import(new URL(file, import.meta.url).href);

describe('the list of planted damage', () => {
  it.each([
    ['sabotage', '../../scripts/sabotage/patches.mjs', 'patches'],
    ['attack', '../attack/planted/faults.mjs', 'faults'],
    ['library suite', '../browser/suites/library/planted/faults.mjs', 'faults'],
    ['simulation suite', '../browser/suites/simulation/planted/faults.mjs', 'faults'],
  ])('has one matching place in the source for each %s entry', async (_, file, list) => {
    const entries = (await load(file))[list] ?? [];
    const places = entries.map(({ name, file, find }) => ({
      name,
      places: fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split(find).length - 1 : 'no such file',
    }));
    expect(entries.length).toBeGreaterThan(10);
    expect(places.filter(({ places }) => places !== 1)).toEqual([]);
  });

  it('names an existing test file for each sabotage entry', async () => {
    const { patches = [] } = await load('../../scripts/sabotage/patches.mjs');
    expect(patches.filter(({ spec }) => !fs.existsSync(spec ?? '')).map(({ name }) => name)).toEqual([]);
  });
});
