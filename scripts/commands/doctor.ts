import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import type { Check } from '../doctor/check.ts';
import { diagnose } from '../doctor/doctor.ts';
import { carryOutFixes, stepsText } from '../doctor/fixing.ts';
import { diagnosisText } from '../doctor/order.ts';

export const doctor = command({
  about:
    'Looks at settings, data directory, disk, database, secrets, clock, ' +
    'installed files, server, prices, chains, limits, Redis, ' +
    'the proxy with its certificate, backups, timers and jobs, ' +
    'and says what is wrong and what to do about it: ' +
    'the cause first, then what follows from it. The server may run or not.',
  options: {
    fix: {
      about:
        'do what cannot lose anything: close files to others, start jobs that are not at work, ' +
        'make a missing folder of backups; each step is printed',
    },
  },
  notes: 'Without --fix nothing is changed. Most steps of --fix need root.',
  examples: ['doctor', 'doctor --fix', 'doctor --json'],
  exits: { 0: 'nothing is wrong; there may be warnings', 1: 'something is wrong' },
  async run({ options }, shell) {
    const steps = options.fix ? await carryOutFixes(await diagnose(shell.env)) : null;
    const checks = await diagnose(shell.env);
    const report = checks.map(plain);
    return {
      exit: checks.some(({ state }) => state === 'wrong') ? EXIT.wrong : EXIT.ok,
      report: steps === null ? report : { steps, checks: report },
      text: `${steps === null ? '' : stepsText(steps)}${diagnosisText(checks)}`,
    };
  },
});

/** What `--fix` would do stands as its words. */
const plain = ({ fix, ...check }: Check) => ({ ...check, ...(fix && { fix: fix.says }) });
