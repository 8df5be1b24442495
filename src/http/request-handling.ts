import type { CorsDecision } from '../policy/decision.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { EnforcementCheck } from './enforcement.js';
import type { EarlyAnswer, RawRequest } from './http-platform.js';
import type { ResponseKeys } from './response-state.js';

/** What a platform calls; the policies are behind it. */
export interface RequestHandling {
  readonly responseKeys: ResponseKeys;
  /** Put on the response of each request that reaches a handler which enforces. */
  readonly enforcement: EnforcementCheck;
  /** Called before anything else sees a request. Never throws, never rejects. */
  early(request: unknown, raw: RawRequest, response: object): EarlyAnswer;
  /** Called when the router reached a handler by another method or URL than arrived: whether it was refused. */
  refusesRewritten(entry: RouteEntry, request: unknown, response: object): boolean;
  /** The decision for a response whose head is being written; `undefined` leaves it as it is. */
  decisionAtHead(response: object): CorsDecision | undefined;
  /** The same for a response that may belong to an application around this one, which this decision then overrules. */
  decisionInside(response: object): CorsDecision | undefined;
  /** Called when the application passed a request on to the one around it: it has nothing more to decide. */
  passedOn(response: object): void;
}
