import { escapePattern } from '../../validation/problems/source-text.js';
import type { CorsRoute } from './cors-route.js';
import { OriginColumns } from './origin-columns.js';
import { PathCover } from './path-cover.js';
import { isFunctionName, methodText, optionTexts, pathText, policyText, stateText } from './route-text.js';

const MOST_LINES = 60;
const WIDTH = 110;
const INDENT = ' '.repeat(8);
/** A list in the heading of a group shows so many entries. */
const MOST_NAMES = 4;
/** With more policies, the smallest open groups are one line. */
const MOST_GROUPS = 15;

/** The routes with one policy. */
interface PolicyGroup {
  readonly routes: readonly CorsRoute[];
  /** One of them; absent for several policies in one group. */
  readonly first: CorsRoute | undefined;
  readonly policies: number;
}

/** How much a table shows. */
interface Detail {
  /** The lines for the paths of one group; absent for a line for each route. */
  readonly pathLines: number | undefined;
  /** The lines of the heading of a group. */
  readonly headingLines: number;
  readonly groups: number;
}

/** From the most detailed on: the first that fits is shown. The last one always fits. */
const DETAILS: readonly Detail[] = Object.freeze([
  { pathLines: undefined, headingLines: 4, groups: Number.POSITIVE_INFINITY },
  { pathLines: 8, headingLines: 4, groups: Number.POSITIVE_INFINITY },
  { pathLines: 2, headingLines: 2, groups: Number.POSITIVE_INFINITY },
  { pathLines: 1, headingLines: 1, groups: MOST_GROUPS },
]);

/**
 * Groups routes by policy, for a terminal: at most 60 lines for any number of routes. Each route is counted in exactly
 * one place.
 */
export function describeTable(routes: readonly CorsRoute[]): string {
  const groups = groupByPolicy(routes);
  const columns = new OriginColumns(groups.flatMap(({ first }) => first ?? []));
  const cover = new PathCover(routes);
  let lines: readonly string[] = [];
  for (const detail of DETAILS) {
    lines = [
      ...headingOf(routes, columns, detail),
      ...collapse(groups, detail.groups).flatMap((group) => linesOf(group, columns, cover, detail)),
    ];
    if (lines.length <= MOST_LINES) {
      break;
    }
  }
  return lines.join('\n');
}

/** First the routes that need a look: open to any origin, or untouched. The most used policies before others. */
function groupByPolicy(routes: readonly CorsRoute[]): readonly PolicyGroup[] {
  const byPolicy = new Map<string, CorsRoute[]>();
  for (const route of routes) {
    const text = policyText(route);
    const group = byPolicy.get(text);
    if (group === undefined) {
      byPolicy.set(text, [route]);
    } else {
      group.push(route);
    }
  }
  return [...byPolicy.values()]
    .map((group) => ({ routes: group, first: group[0], policies: 1 }))
    .sort((one, other) => rank(one) - rank(other) || other.routes.length - one.routes.length);
}

const STATES = ['open', 'untouched', 'disabled'] as const;
const RANKS = Object.freeze({ untouched: 1, open: 2, disabled: 3 });

function rank({ first }: PolicyGroup): number {
  if (first === undefined) {
    return RANKS.open;
  }
  return isForAnyOrigin(first) ? 0 : RANKS[first.state];
}

function isForAnyOrigin({ policy }: CorsRoute): boolean {
  return policy.origin.includes('*');
}

/** Makes one group of the smallest open groups. Untouched and disabled routes stay. */
function collapse(groups: readonly PolicyGroup[], most: number): readonly PolicyGroup[] {
  const others = groups.filter(({ first }) => first?.state === 'open').slice(most);
  const routes = others.flatMap((group) => group.routes);
  return others.length < 2
    ? groups
    : [
        ...groups.filter((group) => !others.includes(group)),
        { routes, first: undefined, policies: others.length },
      ].sort((one, other) => rank(one) - rank(other));
}

function headingOf(routes: readonly CorsRoute[], columns: OriginColumns, { pathLines }: Detail): readonly string[] {
  const [open, untouched, disabled] = STATES.map(
    (state) => `${routes.filter((route) => route.state === state).length} ${state}`,
  );
  const anyOrigin = routes.filter(isForAnyOrigin).length;
  return [
    `CORS: ${routes.length} route${routes.length === 1 ? '' : 's'}: ` +
      `${open}${anyOrigin === 0 ? '' : ` (${anyOrigin} to any origin)`}, ${untouched}, ${disabled}`,
    ...columns.legend.map((text) => `  ${text}`),
    ...(routes.some(({ policy }) => policy.enforce !== false)
      ? [
          '  enforce: other origins get 403. Without it, the handler may run for them, but they cannot read the response',
        ]
      : []),
    ...(pathLines === undefined ? [] : ['  /orders/** (3 of 8): 3 of the 8 routes at and below /orders']),
    `  routes${columns.heading}  policy`,
  ];
}

function linesOf(group: PolicyGroup, columns: OriginColumns, cover: PathCover, detail: Detail): readonly string[] {
  const { routes, first, policies } = group;
  const count = String(routes.length).padStart(8);
  const cells = first === undefined ? ' '.repeat(columns.heading.length) : columns.cellsOf(first);
  const policy =
    first === undefined
      ? [`${policies} other policies: see describe('snapshot')`]
      : headingTexts(first, group, columns);
  const heading = wrapped(policy, '; ', `${count}${cells}  `, WIDTH, detail.headingLines);
  const { pathLines } = detail;
  if (pathLines === undefined) {
    return [...heading, ...routeLines(routes)];
  }
  const fits = (texts: readonly string[]) => wrapped(texts, ', ', INDENT, WIDTH).length <= pathLines;
  return [...heading, ...wrapped(cover.itemsOf(routes, true, fits), ', ', INDENT, WIDTH)];
}

function headingTexts(first: CorsRoute, { routes }: PolicyGroup, columns: OriginColumns): readonly string[] {
  const { state, policy } = first;
  const isInCells =
    state === 'open' && columns.areShown && !isForAnyOrigin(first) && !policy.origin.some(isFunctionName);
  const stateWords = isInCells ? 'open' : stateText(first, listText);
  const places = [...new Set(routes.map(({ sources }) => sources.origin))];
  const place =
    state === 'open' ? [`origin from ${places.length > 2 ? `${places.length} places` : places.join(', ')}`] : [];
  const note = state === 'untouched' ? ': not decided here, CORS headers of other code stay' : '';
  return [`${stateWords}${note}`, ...optionTexts(first, listText), ...place].map(escapePattern);
}

function listText(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES - 1) : names;
  return [...shown, ...(shown.length < names.length ? [`${names.length - shown.length} more`] : [])].join(', ');
}

/** A line for each route, in the order of the list. */
function routeLines(routes: readonly CorsRoute[]): readonly string[] {
  const methods = Math.max(...routes.map((route) => methodText(route).length));
  const handlers = routes.filter((route) => methodText(route) !== 'paths');
  const paths = Math.min(60, Math.max(0, ...handlers.map((route) => pathText(route).length)));
  return routes.map((route) => {
    const target = methodText(route) === 'paths' ? '' : escapePattern(route.target);
    return `${INDENT}${methodText(route).padEnd(methods)} ${pathText(route).padEnd(paths)}  ${target}`.trimEnd();
  });
}

/** Joins texts to lines of a width. What does not fit into `most` lines is cut. */
function wrapped(
  texts: readonly string[],
  separator: string,
  start: string,
  width: number,
  most = Number.POSITIVE_INFINITY,
): readonly string[] {
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const [index, text] of texts.entries()) {
    const piece = index < texts.length - 1 ? `${text}${separator}` : text;
    if (!isEmpty && line.length + piece.trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = ' '.repeat(start.length);
    }
    line += piece;
    isEmpty = false;
  }
  lines.push(line.trimEnd());
  return lines.length > most ? [...lines.slice(0, most - 1), `${lines[most - 1]?.slice(0, width - 3)}...`] : lines;
}
