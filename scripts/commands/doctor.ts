import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import type { Check } from '../doctor/check.ts';
import { diagnose } from '../doctor/doctor.ts';
import { carryOutFixes, stepsText } from '../doctor/fixing.ts';
import { diagnosisText } from '../doctor/order.ts';

export const doctor = command({
  about:
    'Checks settings, data folder, disk, database, secrets, clock, installed files, server, prices, ' +
    'chains, limits, Redis, the proxy and its certificate, backups, timers and jobs. Lists what is ' +
    'wrong and what to do: causes first, then their consequences. Works whether the server is running ' +
    'or not.',
  options: {
    fix: {
      about:
        'make the repairs that cannot lose anything: make secret files unreadable to others, start ' +
        'stopped jobs, create a missing backup folder; prints each step',
    },
  },
  notes: 'Without --fix nothing is changed. Most repairs need root.',
  examples: ['doctor', 'doctor --fix', 'doctor --json'],
  exits: { 0: 'no errors; there may be warnings', 1: 'something is wrong' },
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
