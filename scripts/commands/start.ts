import { EXIT_CODES, settingsText } from '../../server/config-text.ts';
import { command } from '../command-line/command.ts';

export const start = command({
  about: 'Runs the server until SIGTERM or SIGINT. It logs to standard output.',
  notes: `${settingsText()}
For example:
  FEED=walk:7 PORT=0 tapgrid start                   simulated prices, any free port
  FEED='replay:ticks.csv.gz?loop' tapgrid start      recorded prices, again and again
  PUBLIC_ORIGIN=https://taps.example tapgrid start   behind a proxy that speaks TLS`,
  examples: ['start'],
  exits: {
    [EXIT_CODES.stopped]: 'stopped on request',
    [EXIT_CODES.refused]: 'not started: the port or the data folder is in use, or the books cannot be opened',
    [EXIT_CODES.misused]: 'not started: a setting or the command line is wrong',
    [EXIT_CODES.houseElsewhere]:
      'not started: no books here, but backups or traces of a house, or a place that does not answer',
    [EXIT_CODES.broken]:
      'stopped because the outcome of a database commit is unknown; the next start finds out',
  },
  json: false,
  async run() {
    const { serve } = await import('../../server/main.ts');
    await serve([]);
    // The server ends the process itself.
    return new Promise(() => {});
  },
});
