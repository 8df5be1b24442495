/**
 * The modules that a module reaches by imports and that work without Nest: neither they nor anything they import
 * imports a package of Nest.
 *
 * @param {string} root the module to start at
 * @param {(id: string) => { importedIds: readonly string[] } | null} moduleInfo
 * @returns {ReadonlySet<string>}
 */
export function nestFreeModules(root, moduleInfo) {
  // These loops also visit the elements that they add.
  const importers = new Map([[root, []]]);
  for (const id of importers.keys()) {
    for (const imported of moduleInfo(id)?.importedIds ?? []) {
      importers.set(imported, [...(importers.get(imported) ?? []), id]);
    }
  }
  const needNest = new Set([...importers.keys()].filter((id) => id.startsWith('@nestjs/')));
  for (const id of needNest) {
    for (const importer of importers.get(id)) {
      needNest.add(importer);
    }
  }
  return new Set([...importers.keys()].filter((id) => !needNest.has(id)));
}
