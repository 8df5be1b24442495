// Draws the results. Other files make the requests.
import { element } from './element.js';
import { explain, fill } from './perform.js';
import { reasonsToPreflight } from './predict.js';

const GOOD = { look: 'good', sign: '✓' };
const BAD = { look: 'bad', sign: '✕' };
const NONE = { look: 'none', sign: '–' };

/** One request with its result: where it stopped, what was sent, what was read, and why. */
export function drawRequest(api, request, result, page) {
  const read = result.outcome === 'read';
  const explanation = element('pre.explanation', { tabindex: '0' });
  const card = element(
    `article.card.${result.outcome}`,
    {
      id: request.id,
      'data-id': request.id,
      'data-outcome': result.outcome,
      'data-status': String(result.status ?? ''),
      'data-as-expected': String(result.asExpected),
      'aria-labelledby': `${request.id}-title`,
    },
    element(
      'header',
      {},
      element('h3', { id: `${request.id}-title` }, request.title),
      element('span.badge', {}, read ? `✓ read: ${result.status}` : '✕ blocked'),
      element('code.line', {}, element('b', {}, request.method), ` ${fill(request.path)}`),
    ),
    drawTrack(request, result),
    element(
      'details',
      {},
      element('summary', {}, 'Why, and what went over the wire'),
      element(
        'div.columns',
        {},
        element(
          'section.why',
          {},
          element('h4', {}, 'Why'),
          element('p', {}, fill(reasonFor(request, result, page))),
          element('pre', { tabindex: '0' }, request.policy),
          element('p.note', {}, request.handler === 'none' ? 'No handler.' : `Handler: ${request.handler}`),
          element('h4', {}, 'CorsService.explain()'),
          explanation,
        ),
        element(
          'div.pair',
          {},
          element('section', {}, element('h4', {}, 'Sent by the page'), ...drawSent(request)),
          element('section', {}, element('h4', {}, 'Handed to the page'), ...drawReceived(request, result)),
          element('section.wire', {}, element('h4', {}, 'CORS headers on the wire'), ...drawWire(result)),
        ),
      ),
    ),
  );
  card.querySelector('details').addEventListener(
    'toggle',
    async () => {
      explanation.textContent = await explain(api, request);
    },
    { once: true },
  );
  if (!result.asExpected) {
    card.append(element('p.surprise', {}, `Unexpected: this should be ${request.expected[page]}.`));
  }
  return card;
}

function reasonFor({ why }, { outcome, asExpected }, page) {
  return (asExpected && why[page]) || why[outcome] || 'This was not foreseen.';
}

/** Three steps (preflight, request, answer), and the step at which the request stopped. */
function drawTrack(request, { outcome, status, api }) {
  const preflight = api.find((seen) => seen.preflight);
  const actual = api.find((seen) => !seen.preflight);
  const needsPreflight = reasonsToPreflight(request).length > 0;
  const granted = preflight !== undefined && preflight.status < 300;
  const first = !needsPreflight
    ? [NONE, 'not needed']
    : preflight === undefined
      ? [outcome === 'read' ? GOOD : NONE, 'cached by the browser']
      : granted
        ? [GOOD, `${preflight.status}, granted`]
        : [BAD, `${preflight.status}, refused`];
  const second =
    actual !== undefined
      ? [actual.status === 403 ? BAD : GOOD, actual.status === 403 ? '403, refused' : `${actual.status}, answered`]
      : outcome === 'read' || !needsPreflight || granted
        ? [GOOD, 'sent']
        : [NONE, 'never sent'];
  const third =
    outcome === 'read'
      ? [GOOD, `${status}, readable`]
      : second[0] === NONE
        ? [NONE, 'none']
        : [BAD, 'blocked by the browser'];
  return element(
    'ol.track',
    { 'aria-label': 'How far it got' },
    ...[
      ['Preflight', first],
      ['Request', second],
      ['Answer', third],
    ].map(([name, [{ look, sign }, says]]) =>
      element(
        `li.${look}`,
        {},
        element('b.dot', { 'aria-hidden': 'true' }, sign),
        element('span.station', {}, name),
        element('i', {}, says),
      ),
    ),
  );
}

function drawSent(request) {
  const { method, headers = {}, body, credentials } = request;
  const lines = [`${method} ${fill(request.path)}`, `Origin: ${location.origin}`];
  for (const [name, value] of Object.entries(headers)) {
    lines.push(`${name}: ${value}`);
  }
  if (body !== undefined) {
    lines.push('', fill(body));
  }
  const reasons = reasonsToPreflight(request);
  return [
    element('pre', { tabindex: '0' }, lines.join('\n')),
    element('p.note', {}, credentials === 'include' ? 'With cookies (credentials: include).' : 'Without cookies.'),
    element(
      'p.note',
      {},
      reasons.length === 0
        ? 'A simple request: no preflight.'
        : `The browser sends a preflight first, because of ${reasons.join(' and ')}.`,
    ),
  ];
}

function drawReceived({ exposed = [], hidden = [] }, result) {
  if (result.outcome === 'blocked') {
    return [
      element('pre.lost', { tabindex: '0' }, result.error),
      element('p.note', {}, 'No status, no headers, no body, no reason.'),
    ];
  }
  const { status, headers, body } = result;
  const lines = [String(status), ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body];
  const named = (names, says) => names.length > 0 && element('p.note', {}, `${says}: ${names.join(', ')}.`);
  return [
    element('pre', { tabindex: '0' }, lines.join('\n')),
    named(
      exposed.filter((name) => name in headers),
      'Exposed header',
    ),
    named(
      hidden.filter((name) => !(name in headers)),
      'Sent, but hidden from pages',
    ),
  ];
}

/** The lines about CORS of the preflight and of the request, as the API received and answered them. */
function drawWire({ api }) {
  if (api.length === 0) {
    return [element('p.note', {}, 'Nothing has reached the API yet.')];
  }
  return api.map(({ method, path, status, sent, answered }) =>
    element(
      'pre',
      { tabindex: '0' },
      element('b', {}, `${method} ${path}`),
      `\n${sent.join('\n')}\n\n`,
      element('b', {}, String(status)),
      `\n${answered.join('\n')}`,
      answered.some((line) => /^access-control-/i.test(line)) ? '' : '\n(no Access-Control-* line)',
    ),
  );
}

/** A table of routes and origins: what each page should be allowed to do, and what this page was allowed to do. */
export function drawOverview(groups, pages, results, page) {
  const names = Object.keys(pages);
  const mark = (name) => (name === page ? { class: 'here' } : {});
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'Request'),
    ...names.map((name) => element('th', { scope: 'col', ...mark(name) }, name)),
  );
  const rows = groups.flatMap(({ title, requests }) => [
    element('tr.group', {}, element('th', { colspan: String(names.length + 1), scope: 'rowgroup' }, title)),
    ...requests.map((request) =>
      element(
        'tr',
        {},
        element(
          'th',
          { scope: 'row' },
          element(
            'a',
            { href: `#${request.id}` },
            element('code', {}, `${request.method} ${request.path.split('?')[0]}`),
          ),
          element('span.note', {}, ` ${request.title}`),
        ),
        ...names.map((name) => {
          const outcome = name === page ? results.get(request.id).outcome : request.expected[name];
          const { look, sign } = { read: GOOD, blocked: BAD, either: { look: 'none', sign: '?' } }[outcome];
          return element(
            'td',
            mark(name),
            element(`b.dot.${look}`, { title: outcome, 'aria-label': outcome, role: 'img' }, sign),
          );
        }),
      ),
    ),
  ]);
  return element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
}
