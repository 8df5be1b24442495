import {
  CONSTRAINTS,
  type ConstraintName,
  CUSTOM_HEADER,
  type Scenario,
  VERSION_HEADER,
} from './applications/application-model.js';

export const VERSIONS: readonly (string | undefined)[] = [undefined, '1', '2', '3', '9'];

/** The headers that select a handler and are not in a preflight. */
export function hiddenHeaders({ versionHeader = VERSION_HEADER }: Scenario): readonly string[] {
  return [versionHeader, CUSTOM_HEADER, ...Object.values(CONSTRAINTS).map(({ header }) => header)];
}

/** Every set of headers that may route a request and is not in its preflight. */
export function hiddenHeaderSets(scenario: Scenario, hidesVersion: boolean): Record<string, string>[] {
  let sets: Record<string, string>[] = [{}];
  if (hidesVersion) {
    sets = VERSIONS.map((one) => versionHeaders(scenario, one));
  }
  for (const name of scenario.constraints ?? []) {
    sets = sets.flatMap((set) =>
      CONSTRAINTS[name].values.map((value) => ({
        ...set,
        ...constraintHeaders({ constraints: [name] }, { [name]: value }),
      })),
    );
  }
  return sets;
}

/** The headers that constraints read. */
export function constraintHeaders(
  { constraints = [] }: Pick<Scenario, 'constraints'>,
  values: Partial<Record<ConstraintName, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    constraints.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[CONSTRAINTS[name].header, value]];
    }),
  );
}

/** The headers that carry a version. */
export function versionHeaders(scenario: Scenario, version: string | undefined): Record<string, string> {
  if (version === undefined) {
    return {};
  }
  switch (scenario.versioning) {
    case 'header':
      return { [scenario.versionHeader ?? VERSION_HEADER]: version };
    case 'media-type':
      return { Accept: `application/json;v=${version}` };
    case 'custom':
      return { [CUSTOM_HEADER]: version };
    default:
      return {};
  }
}
