// Makes every request of requests.json, one after the other, and shows what this page could read.
//
// For tests: `window.results` is a promise of the list of results. Then the page has <html data-state="done">.
import { drawOverview, drawRequest } from './draw.js';
import { element } from './element.js';
import { perform } from './perform.js';

const load = (path) => fetch(path).then((response) => response.json());
const byId = (id) => document.getElementById(id);

const { pages, groups } = await load('/requests.json');
const { api, platform } = await load('/about.json');
// A page on an unknown name is shown as a stranger.
const firstLabel = location.hostname.split('.')[0];
const page = Object.hasOwn(pages, firstLabel) ? firstLabel : 'evil';

introduce();
window.results = run();
byId('again').addEventListener('click', () => {
  window.results = run();
});

function introduce() {
  document.documentElement.dataset.page = page;
  byId('role').textContent = pages[page].name;
  byId('origin').textContent = location.origin;
  byId('says').textContent = pages[page].says;
  byId('foot').textContent = `The API is at ${api}, on ${platform}.`;
  const port = location.port === '' ? '' : `:${location.port}`;
  const originOf = (name) => `${location.protocol}//${name}.localhost${port}`;
  for (const [name, { name: says }] of Object.entries(pages)) {
    const link = element(
      'a',
      { href: `${originOf(name)}/` },
      element('b', {}, says),
      element('span', {}, `${name}.localhost`),
    );
    if (name === page) {
      link.setAttribute('aria-current', 'page');
    }
    byId('pages').append(link);
  }
  byId('allow').hidden = page !== 'app';
  byId('allow-origin').value = originOf('shop');
  byId('allow-form').addEventListener('submit', allow);
  addEventListener('hashchange', openLinked);
}

async function run() {
  const root = document.documentElement;
  root.dataset.state = 'running';
  byId('again').disabled = true;
  byId('requests').replaceChildren();
  byId('strip').replaceChildren();
  const results = new Map();
  const total = groups.flatMap(({ requests }) => requests).length;
  for (const { title, requests } of groups) {
    const section = element('section.group', {}, element('h2', {}, title));
    byId('requests').append(section);
    for (const request of requests) {
      const expected = request.expected[page];
      const result = { ...(await perform(api, request)), expected };
      result.asExpected =
        expected === 'either' ||
        (result.outcome === expected && (expected === 'blocked' || result.status === request.status));
      results.set(request.id, result);
      section.append(drawRequest(api, request, result, page));
      byId('strip').append(element(`i.${result.outcome}`));
      byId('score').textContent = `Calling the API … ${results.size} of ${total}`;
    }
  }
  const all = [...results.values()];
  const read = all.filter(({ outcome }) => outcome === 'read').length;
  const surprises = all.filter(({ asExpected }) => !asExpected);
  byId('score').textContent = `This page may read ${read} of ${total} answers`;
  byId('check').textContent =
    surprises.length === 0
      ? 'Every outcome is the one the contract says.'
      : `Not as the contract says: ${surprises.map(({ id }) => id).join(', ')}.`;
  byId('overview').replaceChildren(drawOverview(groups, pages, results, page));
  openLinked();
  byId('again').disabled = false;
  root.dataset.state = 'done';
  return all;
}

/** Opens the card that the fragment of the URL names. */
function openLinked() {
  byId(location.hash.slice(1))?.querySelector('details')?.setAttribute('open', '');
}

async function allow(event) {
  event.preventDefault();
  const origin = byId('allow-origin').value.trim();
  const remove = event.submitter?.value === 'remove';
  const url = new URL('/tenants/acme/origins', api);
  if (remove) {
    url.searchParams.set('origin', origin);
  }
  const link = byId('allow-open');
  link.hidden = true;
  const answer = byId('allow-answer');
  try {
    const response = await fetch(url, {
      method: remove ? 'DELETE' : 'POST',
      headers: { Authorization: 'Bearer open-sesame', ...(remove ? {} : { 'Content-Type': 'application/json' }) },
      body: remove ? undefined : JSON.stringify({ origin }),
    });
    const { message } = await response.json();
    if (response.ok && !remove) {
      link.href = `${origin}/`;
      link.hidden = false;
    }
    const done = remove ? `${origin} is no longer allowed.` : `${origin} is allowed now.`;
    answer.textContent = response.ok ? done : String(message);
  } catch (error) {
    answer.textContent = String(error);
  }
}
