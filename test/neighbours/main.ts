// Checks one neighbour on one platform and prints the result as JSON, on the last line. Arguments: its file, the name
// of the platform. It runs in a process of its own, because some packages patch modules when they are loaded.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLATFORMS } from '../support/start-app.js';
import { checkNeighbour } from './check.js';
import type { Neighbour } from './neighbour.js';

const [file = '', platformName = ''] = process.argv.slice(2);
const { default: neighbour } = (await import(pathToFileURL(path.resolve(file)).href)) as { default: Neighbour };
const { name, packages, platforms, todo } = neighbour;
const platform = PLATFORMS.find((one) => one.name === platformName && (platforms?.includes(one.name) ?? true));
const checks = platform === undefined ? undefined : await checkNeighbour(neighbour, platform);
console.log(`\n${JSON.stringify({ name, packages: versionsOf(packages), todo, checks })}`);
// Some packages keep timers or sockets open.
process.exit();

function versionsOf(names: readonly string[]): Record<string, string> {
  const versionOf = (one: string) => JSON.parse(fs.readFileSync(`node_modules/${one}/package.json`, 'utf8')).version;
  return Object.fromEntries(names.map((one) => [one, versionOf(one)]));
}
