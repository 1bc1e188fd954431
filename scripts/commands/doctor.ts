import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { diagnose, diagnosisText } from '../operate/doctor.ts';

export const doctor = command({
  about:
    'Looks at settings, data directory, disk, database, migrations, server, chains, clock, prices, limits, ' +
    'Redis, the proxy with its certificate, backups and jobs, ' +
    'and says what is wrong and what to do about it. ' +
    'Nothing is changed. The server may run or not.',
  examples: ['doctor', 'doctor --json'],
  exits: { 0: 'nothing is wrong; there may be warnings', 1: 'something is wrong' },
  async run(_, shell) {
    const report = await diagnose(shell.env);
    return {
      exit: report.some(({ state }) => state === 'wrong') ? EXIT.wrong : EXIT.ok,
      report,
      text: diagnosisText(report),
    };
  },
});
