import type { EffectivePolicy } from '../../boot/policies/policy-levels.js';
import { isOriginResolverClass } from '../../origin/compile-origins.js';
import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { EnforcedRequests } from '../../policy/policy-compiler.js';
import type { OriginOption } from '../../policy/policy-options.js';
import { ANY_METHOD } from '../../routes/route-entry.js';
import type { CorsRoutePolicy } from './cors-route.js';

/** The options of a compiled policy, with defaults. The merged options have what compiling loses: the texts of origins. */
export function effectivePolicy(
  compiled: CompiledPolicy,
  { options }: Pick<EffectivePolicy, 'options'>,
  method: string,
  enforcement: EnforcedRequests,
): CorsRoutePolicy {
  const { enforce, wouldEnforce } = enforcement;
  const isOpen = compiled.state === 'open';
  return Object.freeze({
    origin: list(isOpen ? originTexts(options.origin) : []),
    methods: list(isOpen ? methodsOf(compiled, options.methods, method) : []),
    allowedHeaders: list(compiled.anyHeader ? ['*', ...compiled.allowedHeaders] : compiled.allowedHeaders),
    exposedHeaders: list(isOpen ? (options.exposedHeaders ?? []).map((name) => name.toLowerCase()) : []),
    credentials: compiled.credentials,
    maxAge: compiled.maxAge === undefined ? undefined : Number(compiled.maxAge),
    optionsSuccessStatus: compiled.optionsSuccessStatus,
    enforce: compiled.state === 'untouched' ? false : enforce || wouldEnforce,
    enforceReportOnly: compiled.state !== 'untouched' && wouldEnforce !== false,
    resourcePolicy: isOpen ? options.resourcePolicy : undefined,
    dangerouslyAllowInsecureOrigins: isOpen && options.dangerouslyAllowInsecureOrigins === true,
  });
}

function methodsOf(compiled: CompiledPolicy, written: readonly string[] | undefined, method: string): Iterable<string> {
  return compiled.methods ?? [written !== undefined || method === ANY_METHOD ? '*' : method];
}

function originTexts(option: OriginOption | undefined): readonly string[] {
  if (typeof option === 'function') {
    return [functionText(option)];
  }
  const entries = option === true ? ['*'] : [option ?? []].flat();
  return entries.includes('*') ? ['*'] : entries;
}

/** Functions differ between builds, so they have a name only. An arrow function in an object has the name of its property. */
function functionText(option: { readonly name: string }): string {
  const kind = isOriginResolverClass(option) ? 'resolver' : 'predicate';
  return option.name === '' || option.name === 'origin' ? kind : `${kind} ${option.name}`;
}

function list(texts: Iterable<string>): readonly string[] {
  return Object.freeze([...new Set(texts)].sort());
}
