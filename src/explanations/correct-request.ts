import { KNOWN_METHODS } from '../http/preflight/preflight.js';
import { mergeLevels } from '../policy/merge.js';
import { PolicyCompiler } from '../policy/policy-compiler.js';
import { isUnknownRoute, MODULE_TARGET } from '../policy/policy-source.js';
import { refusalsOf } from '../policy/refusals.js';
import { EXAMPLE_ORIGIN } from '../validation/remedies/corrected-origin.js';
import { correctAll } from './corrections/correct-refusal.js';
import { type Correction, inWords, type PlacedPolicy } from './corrections/correction.js';
import type { ExplanationReason } from './cors-explanation.js';
import { type ExplainedApplication, type ExplainedRequest, missingHeadersOf } from './explained-request.js';

/** A request, and the options of the policy that is explained. */
export interface PlacedRequest {
  readonly request: ExplainedRequest;
  /** `undefined` if no policy was found, and for an ambiguous path. */
  readonly effective: PlacedPolicy | undefined;
}

/** The request with the options of its policy as they are written. */
export function placed(request: ExplainedRequest, { levels }: ExplainedApplication): PlacedRequest {
  return { request, effective: isPlaced(request) ? levels.of(request.subject) : undefined };
}

/** Whether the policy is one that was written. No policy was found otherwise, or the path is ambiguous. */
export function isPlaced({ subject: { policy, target } }: ExplainedRequest): boolean {
  return policy.state !== 'ambiguous' && !isUnknownRoute(target);
}

/** The corrections of several reasons, see `correctAll`. */
export function correctReasons(
  reasons: readonly ExplanationReason[],
  { request, effective }: PlacedRequest,
  { lookup }: ExplainedApplication,
): readonly Correction[] {
  const { page, subject } = request;
  const corrections = correctAll(reasons, {
    origin: page.origin,
    method: page.method,
    missingHeaders: missingHeadersOf(request),
    target: subject.target,
    policy: subject.policy,
    effective,
    applicationWide: lookup.policies.applicationWide,
  });
  return corrections.map((correction, index) => correction ?? inWords(`${reasons[index]}.`, 'Nothing.'));
}

/**
 * The request once its disabled or untouched route is opened, as the correction says.
 * @returns `undefined` if it is neither
 */
export function opened(
  reason: ExplanationReason,
  { request, effective }: PlacedRequest,
  application: ExplainedApplication,
): PlacedRequest | undefined {
  const { preflight, subject } = request;
  if ((reason !== 'disabled' && reason !== 'no-policy') || effective === undefined) {
    return undefined;
  }
  const [correction] = correctReasons([reason], { request, effective }, application);
  const { options, fromEnvironment } = application.levels.of({ target: MODULE_TARGET });
  const merged = mergeLevels(subject.target, [
    { target: MODULE_TARGET, options },
    { target: subject.target, options: correction?.options ?? { origin: EXAMPLE_ORIGIN } },
  ]);
  const policy = new PolicyCompiler().compile(merged);
  const refusals =
    preflight === undefined
      ? []
      : refusalsOf(
          { ...policy, anyOrigin: true },
          {
            origin: request.page.origin,
            requestedMethod: preflight.method,
            requestedHeaders: preflight.requestedHeaders,
            knownMethods: KNOWN_METHODS,
          },
        );
  const isWritten = correction?.options !== undefined;
  return {
    request: { ...request, subject: { ...subject, policy }, refusals },
    effective: isWritten ? { ...merged, withoutOriginAt: undefined, fromEnvironment } : undefined,
  };
}
