/**
 * The modules that a module reaches by imports and that work without Nest: neither they nor anything they import
 * imports a package of Nest.
 *
 * @param {string} root the module to start at
 * @param {(id: string) => { importedIds: readonly string[], isExternal: boolean } | null} moduleInfo
 * @returns {ReadonlySet<string>}
 */
export function nestFreeModules(root, moduleInfo) {
  const importers = new Map([[root, []]]);
  const needNest = [];
  for (const id of importers.keys()) {
    if (id.startsWith('@nestjs/')) {
      needNest.push(id);
    }
    for (const imported of moduleInfo(id)?.importedIds ?? []) {
      importers.set(imported, [...(importers.get(imported) ?? []), id]);
    }
  }
  const bound = new Set(needNest);
  for (const id of bound) {
    for (const importer of importers.get(id)) {
      bound.add(importer);
    }
  }
  return new Set([...importers.keys()].filter((id) => !bound.has(id)));
}
