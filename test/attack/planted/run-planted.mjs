// `npm run attack -- --planted`: plants faults into copies of the project, one at a time, and checks that the attack
// reports each as the right violation. Arguments select faults by parts of their names.
import fs from 'node:fs';
import path from 'node:path';
import { copyProject, removeCopy } from '../../../scripts/lib/copy-project.mjs';
import { runCommand } from '../../../scripts/lib/run-command.mjs';
import { closingLine } from '../../../scripts/lib/tally.mjs';
import { faults } from './faults.mjs';

const AT_ONCE = 2;
/** Enough to find the rarest fault. */
const REQUESTS = '12000';

/**
 * @param {string[]} wanted parts of names; none for all
 * @returns {Promise<number>} the exit code: 0 if the attack finds every fault
 */
export async function runPlanted(wanted) {
  const queue = faults.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  const tally = { passed: 0, failed: 0 };
  const work = async () => {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      const { seen, note } = await attempt(fault);
      if (seen) {
        tally.passed += 1;
      } else {
        tally.failed += 1;
      }
      console.log(`${seen ? 'seen  ' : 'MISSED'}  ${fault.name} (${note})`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  console.log(closingLine(tally));
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

async function attempt({ check, platform, file, find, replace }) {
  const copy = copyProject(process.cwd(), 'planted');
  try {
    const target = path.join(copy, file);
    const parts = fs.existsSync(target) ? fs.readFileSync(target, 'utf8').split(find) : [];
    if (parts.length !== 2) {
      return { seen: false, note: `${file} has ${Math.max(0, parts.length - 1)} places like it` };
    }
    fs.writeFileSync(target, parts.join(replace));
    const args = ['test/attack/run.mjs', '--platform', platform, '--requests', REQUESTS, '--until', check];
    const { code, output } = await runCommand(process.execPath, args, { cwd: copy, quiet: true, minutes: 5 });
    const found = [...output.matchAll(/^ {2}VIOLATED (.+): \d+ times$/gm)].map(([, name]) => name);
    return { seen: code === 1 && found.includes(check), note: found.join(', ') || `exit code ${code}` };
  } finally {
    removeCopy(copy);
  }
}
