import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

describe('the architecture page', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');

  it('shows the picture that `npm run architecture` draws', () => {
    const drawn = execFileSync(process.execPath, ['scripts/architecture.mjs', '--print'], { encoding: 'utf8' });
    expect(readFileSync('docs/images/rooms.svg', 'utf8')).toBe(drawn);
    expect(page).toContain('](images/rooms.svg)');
  });

  it('shows every room of src/README.md', () => {
    const rooms = [...readFileSync('src/README.md', 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map(([, room]) => room);
    const picture = readFileSync('docs/images/rooms.svg', 'utf8');
    const drawn = [...picture.matchAll(/class="name"[^>]*>(\w+)</g)].map(([, room]) => room);
    expect(drawn.sort()).toEqual(rooms.sort());
  });

  it('follows a preflight through at most 12 files', () => {
    const [, walk = ''] = /## How is a preflight answered\?([\s\S]*?)\n## /.exec(page) ?? [];
    const steps = [...walk.matchAll(/^\| \d+ \| \[`([\w.-]+)`\]/gm)].map(([, file]) => file);
    expect(steps.length).toBeGreaterThan(5);
    expect(new Set(steps).size).toBeLessThanOrEqual(12);
  });
});
