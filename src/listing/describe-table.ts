import { escapePattern } from '../validation/problems/source-text.js';
import type { CorsRoute } from './cors-route.js';
import { OriginColumns } from './origin-columns.js';
import { PathCover } from './path-cover.js';
import { methodText, optionTexts, pathText, policyText } from './route-text.js';

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
      ...headingOf(routes, groups.length, columns, detail),
      ...collapse(groups, detail.groups).flatMap((group) => linesOf(group, columns, cover, detail)),
    ];
    if (lines.length <= MOST_LINES) {
      break;
    }
  }
  return lines.join('\n');
}

/** Open policies first, the most used ones before others. */
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

function rank({ first }: PolicyGroup): number {
  return first === undefined ? 0 : STATES.indexOf(first.state);
}

/** Makes one group of the smallest open groups. Untouched and disabled routes stay. */
function collapse(groups: readonly PolicyGroup[], most: number): readonly PolicyGroup[] {
  const open = groups.filter((group) => rank(group) === 0);
  const others = open.slice(most);
  return others.length < 2
    ? groups
    : [
        ...open.slice(0, most),
        { routes: others.flatMap(({ routes }) => routes), first: undefined, policies: others.length },
        ...groups.filter((group) => rank(group) !== 0),
      ];
}

function headingOf(
  routes: readonly CorsRoute[],
  policies: number,
  columns: OriginColumns,
  { pathLines }: Detail,
): readonly string[] {
  const states = STATES.map((state) => `${routes.filter((route) => route.state === state).length} ${state}`);
  return [
    `CORS: ${counted(routes.length, 'route')}, ${counted(policies, 'policy', 'policies')}: ${states.join(', ')}`,
    ...columns.legend.map((text) => `  origin ${text}`),
    ...(columns.areShown
      ? ['  C readable with credentials, x without, ? decided for each origin, - not readable']
      : []),
    ...(pathLines === undefined ? [] : ['  /orders/** (3 of 8): 3 of the 8 routes at and below /orders']),
    `  routes${columns.heading}  policy`,
  ];
}

function linesOf(group: PolicyGroup, columns: OriginColumns, cover: PathCover, detail: Detail): readonly string[] {
  const { routes, first, policies } = group;
  const count = String(routes.length).padStart(8);
  const cells = first === undefined ? columns.heading.replaceAll(/\d/g, ' ') : columns.cellsOf(first);
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
  const origins = state === 'open' && !columns.areShown ? ` to ${listText(policy.origin)}` : '';
  const places = [...new Set(routes.map(({ sources }) => sources.origin))];
  const place =
    state === 'open' ? [`origin of ${places.length > 2 ? `${places.length} places` : places.join(', ')}`] : [];
  return [`${state}${origins}`, ...optionTexts(first, listText), ...place].map(escapePattern);
}

function listText(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES - 1) : names;
  return [...shown, ...(shown.length < names.length ? [`${names.length - shown.length} more`] : [])].join(', ');
}

/** A line for each route, in the order of the list. */
function routeLines(routes: readonly CorsRoute[]): readonly string[] {
  const methods = Math.max(...routes.map((route) => methodText(route).length));
  const paths = Math.min(60, Math.max(...routes.map((route) => pathText(route).length)));
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

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
