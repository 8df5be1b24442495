import 'reflect-metadata';
import { methodMetadata } from '../metadata/method-metadata.js';
import { CORS_DECLARATIONS } from '../metadata/tokens.js';

/** Where Nest keeps the path of a handler. */
const PATH = 'path';

/** The tag of handlers without a tag of their own. */
const UNTAGGED = Symbol('untagged handler');

/**
 * The tag of a handler, or of the function that Nest registers for it: Nest copies all metadata of the handler to that
 * function. `undefined` for a function without the metadata of a handler.
 */
export function handlerTag(handler: object): unknown {
  return ownTag(handler) ?? (methodMetadata(PATH, handler) === undefined ? undefined : UNTAGGED);
}

/**
 * Gives a handler a tag of its own. Its declarations are a tag. A handler gets an empty list if only its class has
 * declarations, or if another decorator dropped its own.
 *
 * @param registered the function that Nest registers for the handler
 */
export function tagHandler(handler: object, registered: object): void {
  let tag = ownTag(handler);
  if (tag === undefined) {
    tag = [];
    Reflect.defineMetadata(CORS_DECLARATIONS, tag, handler);
  }
  if (registered !== handler && ownTag(registered) === undefined) {
    Reflect.defineMetadata(CORS_DECLARATIONS, tag, registered);
  }
}

function ownTag(handler: object): unknown {
  return methodMetadata(CORS_DECLARATIONS, handler);
}
