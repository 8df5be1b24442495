import type { CorsDecision } from '../../policy/decision.js';
import { RESOURCE_POLICY_HEADER } from '../../policy/policy-compiler.js';
import { flatten, type HeadHeaders, type HeadResponse, isNamed, pairsOf } from './head.js';
import { mergeVary } from './vary.js';

const PREFIX = 'access-control-';
const RESOURCE_POLICY = RESOURCE_POLICY_HEADER.toLowerCase();
const NOTHING: readonly unknown[] = Object.freeze([]);

/**
 * Puts a decision on a response that is about to send its head. The decided headers replace every `Access-Control-*`
 * header, unless the route is untouched, and other headers of the same name. Vary gets additional names. Safe to repeat
 * if writing the head failed.
 *
 * If no header is set on the response, and lists are allowed, all headers go into one list, which Node sends as it is.
 *
 * @param headers the headers that the caller passed to `writeHead`. They never change, because they may be shared or
 * frozen
 * @param takesList whether headers may be passed on in a list, without being set on the response
 * @param removed receives the names and values of `Access-Control-*` headers that are removed and not sent again, as a
 * flat list
 * @returns the headers to pass on to `writeHead`
 */
export function applyDecision(
  response: HeadResponse,
  headers: HeadHeaders | null | undefined,
  decision: CorsDecision,
  takesList: boolean,
  removed?: unknown[],
): HeadHeaders | undefined {
  const names = response.getHeaderNames();
  if (takesList && names.length === 0) {
    return flatHead(headers, decision, removed);
  }
  let vary: unknown;
  for (const name of names) {
    if (name === 'vary') {
      vary = response.getHeader(name);
    } else if (isOurs(name, decision)) {
      noteRemoved(removed, name, response.getHeader(name), decision);
      response.removeHeader(name);
    }
  }
  const passed =
    headers === undefined || headers === null ? undefined : withoutOurs(headers, decision, names.length === 0, removed);
  if (passed !== undefined && passed.vary !== undefined) {
    vary = passed.vary;
  }
  const decided = decision.headers;
  for (let index = 0; index < decided.length; index += 2) {
    response.setHeader(decided[index] as string, decided[index + 1] as never);
  }
  const merged = mergeVary(vary, decision.vary);
  if (merged !== undefined && merged !== vary) {
    response.setHeader('Vary', merged as never);
  } else if (passed?.vary !== undefined) {
    response.setHeader('Vary', passed.vary as never);
  }
  return passed?.headers;
}

function flatHead(
  headers: HeadHeaders | null | undefined,
  decision: CorsDecision,
  removed: unknown[] | undefined,
): unknown[] | HeadHeaders {
  if (Array.isArray(headers) && headers.length % 2 !== 0 && !Array.isArray(headers[0])) {
    return headers; // not pairs: Node throws its own error
  }
  const none = headers === undefined || headers === null; // Node accepts both
  const passed = none ? NOTHING : Array.isArray(headers) ? flatten(headers) : pairsOf(headers);
  let vary: unknown;
  let remaining = passed.length;
  for (let index = 0; index < passed.length; index += 2) {
    const name = String(passed[index]);
    if (isVary(name)) {
      vary = joinVary(vary, passed[index + 1]);
      remaining -= 2;
    } else if (isOurs(name, decision)) {
      noteRemoved(removed, name, passed[index + 1], decision);
      remaining -= 2;
    }
  }
  const merged = mergeVary(vary, decision.vary);
  const decided = decision.headers;
  // The exact length, because a list that grows allocates several times as much.
  const head = new Array<unknown>(remaining + decided.length + (merged === undefined ? 0 : 2));
  let at = 0;
  for (let index = 0; index < passed.length; index += 2) {
    const name = passed[index];
    if (remaining === passed.length || !(isVary(String(name)) || isOurs(String(name), decision))) {
      head[at++] = name;
      head[at++] = passed[index + 1];
    }
  }
  for (let index = 0; index < decided.length; index++) {
    head[at++] = decided[index];
  }
  if (merged !== undefined) {
    head[at++] = 'Vary';
    head[at] = merged;
  }
  return head;
}

/**
 * A copy without the headers that the decision sets, and without Vary; the same object if it has neither.
 * @param first whether no header is set on the response yet
 */
function withoutOurs(
  headers: HeadHeaders,
  decision: CorsDecision,
  first: boolean,
  removed: unknown[] | undefined,
): { headers: HeadHeaders; vary: unknown } {
  if (Array.isArray(headers)) {
    // Node 20 accepts no pairs once a header is set on the response, so it gets a flat list.
    const list = flatten(headers);
    const out: unknown[] = [];
    let vary: unknown;
    for (let index = 0; index < list.length; index += 2) {
      const name = String(list[index]);
      if (isVary(name)) {
        vary = joinVary(vary, list[index + 1]);
      } else if (isOurs(name, decision)) {
        noteRemoved(removed, name, list[index + 1], decision);
      } else {
        out.push(list[index], list[index + 1]);
      }
    }
    const rest = out.length === list.length ? list : out;
    return { headers: first ? withoutRepetition(rest) : rest, vary };
  }
  const record = headers as Record<string, unknown>;
  let dirty = false;
  for (const name in record) {
    if (isVary(name) || isOurs(name, decision)) {
      dirty = true;
      break;
    }
  }
  if (!dirty) {
    return { headers, vary: undefined };
  }
  const out: Record<string, unknown> = {};
  let vary: unknown;
  for (const name of Object.keys(record)) {
    if (isVary(name)) {
      vary = joinVary(vary, record[name]);
    } else if (isOurs(name, decision)) {
      noteRemoved(removed, name, record[name], decision);
    } else {
      out[name] = record[name];
    }
  }
  return { headers: out, vary };
}

/**
 * Joins the values of a name that occurs several times into one list. Node 20 sends all of them, but only the last one
 * if a header is set on the response, as ours are.
 */
function withoutRepetition(list: readonly unknown[]): readonly unknown[] {
  const at = new Map<string, number>();
  const out: unknown[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const name = String(list[index]).toLowerCase();
    const earlier = at.get(name);
    if (earlier === undefined) {
      at.set(name, out.length + 1);
      out.push(list[index], list[index + 1]);
    } else {
      out[earlier] = [out[earlier], list[index + 1]].flat();
    }
  }
  return out.length === list.length ? list : out;
}

function joinVary(one: unknown, other: unknown): unknown {
  return one === undefined ? other : `${String(one)}, ${String(other)}`;
}

function isVary(name: string): boolean {
  return isNamed(name, 'vary');
}

/** Whether the decision sets a header. On an untouched route it only sets the header that enforcement needs. */
function isOurs(name: string, { outcome, noStore, headers }: CorsDecision): boolean {
  return (
    (outcome !== 'untouched' && startsWithPrefix(name)) ||
    (noStore === true && name.toLowerCase() === 'cache-control') ||
    (isNamed(name, RESOURCE_POLICY) && headers.includes(RESOURCE_POLICY_HEADER))
  );
}

function startsWithPrefix(name: string): boolean {
  return (
    name.length > PREFIX.length &&
    (name.charCodeAt(0) | 0x20) === 0x61 &&
    name.slice(0, PREFIX.length).toLowerCase() === PREFIX
  );
}

/** Notes a header that is removed, unless the decision sends the same again. */
function noteRemoved(removed: unknown[] | undefined, name: string, value: unknown, { headers }: CorsDecision): void {
  if (removed === undefined || !startsWithPrefix(name)) {
    return;
  }
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index + 1] === value && headers[index]?.toLowerCase() === name.toLowerCase()) {
      return;
    }
  }
  removed.push(name, value);
}
