import { ALLOWED } from '../kinds.js';
import type { Platform } from '../settings.js';

/** The CORS implementation of an application; `node` is plain Node. */
export type Peer = 'node' | 'none' | 'floor' | 'options' | 'delegate' | 'ours';

export type PathShape = 'static' | 'parameter' | 'wildcard';

/** The application to build. All variants have the same routes. */
export interface ApplicationPlan {
  readonly platform: Platform;
  readonly peer: Peer;
  readonly handlers: number;
  /** The shapes of paths, used in turn. */
  readonly shapes?: readonly PathShape[];
  /** The number of exact origins in each policy. @default 2 */
  readonly origins?: number;
  /** The number of additional subdomain patterns. @default 0 */
  readonly patterns?: number;
  /** Whether a resolver with cached answers decides. */
  readonly resolver?: boolean;
  /** Whether the handlers enforce: none, all but those that are measured, or all. @default 'none' */
  readonly enforce?: 'none' | 'others' | 'all';
  /** Whether the handlers serve POST instead of GET. @default false */
  readonly posts?: boolean;
}

/** Handlers with an even index have their own decorator. */
export function shapeOf(plan: ApplicationPlan, index: number): PathShape {
  const shapes = plan.shapes ?? ['static', 'parameter', 'wildcard'];
  return shapes[(index >> 1) % shapes.length] as PathShape;
}

/** A path that reaches a handler. */
export function requestPath(plan: ApplicationPlan, index: number): string {
  return `/${prefixOf(index)}${{ static: '', parameter: '/4711', wildcard: '/a/b/c' }[shapeOf(plan, index)]}`;
}

/** The last handler of a shape with its own decorator. */
export function lastDecorated(plan: ApplicationPlan, shape: PathShape): number {
  for (let index = plan.handlers - 1; index >= 0; index--) {
    if (index % 2 === 0 && shapeOf(plan, index) === shape) {
      return index;
    }
  }
  throw new Error(`None of ${plan.handlers} handlers has its own policy and a ${shape} path.`);
}

/** Exact origins and subdomain patterns; the measured origin is the last exact one. */
export function originsOf({ origins = 2, patterns = 0 }: Pick<ApplicationPlan, 'origins' | 'patterns'>, number = 0) {
  const list: string[] = [`https://site-${number}.example.com`];
  for (let index = 2; index < origins; index++) {
    list.push(`https://tenant-${index}.example.com`);
  }
  list.push(ALLOWED);
  for (let index = 0; index < patterns; index++) {
    list.push(`https://*.customer-${index}.example.org`);
  }
  return list;
}

/** The path of a handler's decorator. */
export function routePath(plan: ApplicationPlan, index: number): string {
  const rest = plan.platform === 'express' ? '/*rest' : '/*';
  return `${prefixOf(index)}${{ static: '', parameter: '/:id', wildcard: rest }[shapeOf(plan, index)]}`;
}

function prefixOf(index: number): string {
  return `resource-${index}`;
}
