export type {
  CorsModuleAsyncOptions,
  CorsModuleOptions,
  CorsOptionsFactory,
  DiagnosticsOptions,
  PathPolicyOptions,
} from './boot/options/module-options.js';
export type { CorsExplanation, CorsExplanationRequest } from './explanations/cors-explanation.js';
export type { CorsRoute, CorsRoutePolicy } from './explanations/listing/cors-route.js';
export type { CorsDecisionMessage } from './http/reports/decision-channel.js';
export { Cors, DisableCors } from './module/cors.decorator.js';
export { CorsModule } from './module/cors.module.js';
export { CorsService } from './module/cors.service.js';
export { CorsForbiddenException } from './module/cors-forbidden.exception.js';
export { OriginResolverService } from './module/origin-resolver.service.js';
export type {
  CachedOriginResolver,
  CacheSafeOriginResolver,
  KeyedOriginResolver,
  OriginContext,
  OriginPredicate,
  OriginResolver,
  OriginResolverClass,
  UncachedOriginResolver,
} from './origin/origin-resolver.js';
export type { CorsDecision, CorsOutcome, CorsReason } from './policy/decision.js';
export type { CorsPolicyOptions, EnforceOption, OriginOption } from './policy/policy-options.js';
export type { OriginStore, ResolverOptions } from './resolver/resolver-options.js';
export { CorsConfigurationError } from './validation/problems/configuration-error.js';
export type { CorsProblem, CorsWarning, ProblemCode } from './validation/problems/problem.js';
