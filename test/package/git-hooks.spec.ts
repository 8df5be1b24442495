import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

describe('the optional commit-msg hook', () => {
  const run = (message: string) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-hook-'));
    const file = path.join(folder, 'message');
    fs.writeFileSync(file, message);
    const { status, stderr } = spawnSync('.githooks/commit-msg', [file], { encoding: 'utf8' });
    fs.rmSync(folder, { recursive: true });
    return { status, stderr };
  };

  it.each([
    `Answer ${'a'.repeat(65)}`,
    'Answer preflights of HEAD\n\nBrowsers send them.',
    'Answer preflights of HEAD\n# Please enter the commit message',
    `Merge branch '${'a'.repeat(80)}'`,
  ])('accepts %j', (message) => {
    expect(run(message)).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    [`Answer ${'a'.repeat(66)}`, 'has 73 characters, more than 72'],
    ['answer preflights of HEAD', 'does not begin with a capital letter'],
    ['Answer preflights of HEAD.', 'ends with a full stop'],
    ['Answer preflights of HEAD\nBrowsers send them.', 'is not followed by an empty line'],
  ])('refuses %j and says why', (message, reason) => {
    const { status, stderr } = run(message);
    expect(status).toBe(1);
    expect(stderr).toContain(`The commit subject ${reason}: `);
  });
});
