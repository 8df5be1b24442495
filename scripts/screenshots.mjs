// `npm run screenshots`: opens the sample's page in Chromium and saves the pictures of README.md in docs/images.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { buildSample } from './lib/build-sample.mjs';
import { shrinkPng } from './lib/shrink-png.mjs';

const FOLDER = 'docs/images';
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** `part` is the request at the top of the picture (default: the top of the page). Sizes are in CSS pixels. */
const SHOTS = [
  { file: 'sample-app-light.png', page: 'app', scheme: 'light', width: 1120, height: 1080, part: '#replace' },
  { file: 'sample-evil-dark.png', page: 'evil', scheme: 'dark', width: 1120, height: 1180 },
  { file: 'sample-phone.png', page: 'partner', scheme: 'light', width: 375, height: 812, part: '#delete' },
];

const executablePath = findChromium();
if (executablePath === undefined) {
  console.error(`Chromium is needed: none of ${CHROMIUM_NAMES.join(', ')} is on the PATH.`);
  process.exit(1);
}
if (!(await buildSample())) {
  process.exit(1);
}

const sample = spawn(process.execPath, ['dist-sample/main.js'], { stdio: ['ignore', 'pipe', 'pipe'] });
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-screenshots-'));
let browser;
try {
  const origins = await readOrigins(sample);
  browser = await puppeteer.launch({
    executablePath,
    userDataDir: profile,
    // Chromium resolves names under localhost itself. Grey text keeps the files small.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-lcd-text',
      '--hide-scrollbars',
      '--host-resolver-rules=MAP * 127.0.0.1',
    ],
  });
  fs.mkdirSync(FOLDER, { recursive: true });
  for (const shot of SHOTS) {
    await take(browser, shot, origins[shot.page]);
  }
} finally {
  await browser?.close();
  sample.kill('SIGTERM');
  fs.rmSync(profile, { recursive: true, force: true });
}

async function take(browser, { file, scheme, width, height, part }, origin) {
  const page = await browser.newPage();
  await page.setViewport({ width, height, deviceScaleFactor: width < 500 ? 1.5 : 1 });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  // The page opens the card of the address's fragment.
  await page.goto(`${origin}/${part ?? ''}`);
  await page.waitForSelector('html[data-state="done"]');
  if (part !== undefined) {
    await page.$eval(part, (element) => element.scrollIntoView());
  }
  const target = path.join(FOLDER, file);
  fs.writeFileSync(target, shrinkPng(Buffer.from(await page.screenshot())));
  console.log(`${target}: ${Math.ceil(fs.statSync(target).size / 1024)} KiB`);
  await page.close();
}

/** The origins of the pages, from the output of the sample, by the first label of their names. */
function readOrigins(child) {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (!printed.includes('Ctrl+C')) {
        return;
      }
      const found = [...printed.matchAll(/^ {2}(http:\/\/(\w+)\.localhost:\d+) /gm)];
      resolve(Object.fromEntries(found.map(([, origin, name]) => [name, origin])));
    });
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    child.once('exit', () => reject(new Error(`The sample did not start.\n${complaints}`)));
  });
}

function findChromium() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return CHROMIUM_NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) =>
    fs.existsSync(file),
  );
}
