import type inspector from 'node:inspector';

type Profile = inspector.Profiler.Profile;
type Node = inspector.Profiler.ProfileNode;

/** The parts of a boot, in the order of the report. */
export const BOOT_PARTS = Object.freeze([
  'finding handlers and their paths',
  'decorators, merging and compiling policies',
  'routes by their paths, and which share URLs',
  'telling routes apart as they are registered',
  'the rest of nestjs-cors',
  'garbage collection',
  'Nest, the platform and Node',
] as const);
export type BootPart = (typeof BOOT_PARTS)[number];

const [FINDING, POLICIES, SHARING, REGISTERING, REST, COLLECTING, OTHERS] = BOOT_PARTS;

/** The source files of each part. The first match counts. */
const FILES: readonly (readonly [part: BootPart, file: RegExp])[] = [
  [FINDING, /\/boot\/routes\/(?:collect-routes|route-paths)\.js$/],
  [SHARING, /\/routes\/route-(?:overlap|tree)\.js$/],
  [REGISTERING, /\/(?:boot\/routes\/(?:route-registry|expected-routes|handler-tag|normalized-paths)|http\/.+)\.js$/],
  [POLICIES, /\/(?:policy|origin|validation|metadata|boot\/(?:declarations|policies))\//],
  [REST, /./],
];
const OURS = /\/nestjs-cors-bench\/[^/]+\/src\//;
const SERVING_SEVERAL = /\/src\/(?:routes\/path-segments|metadata\/method-metadata|boot\/routes\/route-versions)\.js$/;
/** Calls from our wrappers to the adapter and its platform also happen without CorsModule. */
const PLATFORM = /\/adapters\/[^/]+\.js$|\/node_modules\/(?!@nestjs\/|reflect-metadata\/|\.cache\/)/;

/** Milliseconds of the main thread for each part of a boot. Code that CorsModule calls counts as ours. */
export function bootPartsOf({ nodes, samples = [], timeDeltas = [] }: Profile): Record<BootPart, number> {
  const own = new Map<number, number>();
  for (const [index, id] of samples.entries()) {
    own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = Object.fromEntries(BOOT_PARTS.map((part) => [part, 0])) as Record<BootPart, number>;
  const add = (node: Node, caller: BootPart): void => {
    const part = partOf(node, caller);
    if (node.callFrame.functionName !== '(idle)') {
      parts[part] += own.get(node.id) ?? 0;
    }
    for (const id of node.children ?? []) {
      add(byId.get(id) as Node, part);
    }
  };
  add(nodes[0] as Node, OTHERS);
  return parts;
}

function partOf({ callFrame: { functionName, url } }: Node, caller: BootPart): BootPart {
  if (url === '' && functionName === '(garbage collector)') {
    return COLLECTING;
  }
  if (SERVING_SEVERAL.test(url)) {
    return caller;
  }
  if (OURS.test(url)) {
    return FILES.find(([, file]) => file.test(url))?.[0] ?? REST;
  }
  return PLATFORM.test(url) ? OTHERS : caller;
}
