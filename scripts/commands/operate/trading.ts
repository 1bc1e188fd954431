import { command } from '../../command-line/command.ts';
import { misused } from '../../command-line/failure.ts';
import { giveOrder, ORDER_EXITS, ORDER_OPTIONS } from '../../operate/orders.ts';
import { readLength, readTime } from '../../operate/times.ts';

export const halt = command({
  about:
    'Stops taking taps, at once or at a time announced to traders. Open bets are resolved and paid. A ' +
    'restart does not undo it.',
  options: {
    at: {
      value: '<time>',
      about: 'announce it for a time, such as 2026-12-01T14:00Z, 14:00 (the next one in UTC) or +30m',
    },
    for: { value: '<length>', about: 'its duration, such as 20m or 1h30m; required with --at' },
    cancel: { about: 'cancel the announced maintenance' },
    ...ORDER_OPTIONS,
  },
  notes: `Pages and programs show an announced maintenance with its reason at once. Windows that would end too close to it
are no longer offered, so it voids no bet. Taps are taken again when it ends. While it runs, resume ends it early,
and halt keeps taps out past its end.`,
  examples: [
    'halt --reason "wrong quotes"',
    'halt --at 14:00 --for 20m --reason "new disks"',
    'halt --cancel --reason "the disks are late"',
  ],
  exits: ORDER_EXITS,
  run({ options }, shell) {
    const { at, for: length, cancel } = options;
    if (cancel && (at !== undefined || length !== undefined))
      throw misused('unexpected_option', '--cancel cannot be combined with a time.');
    if (cancel) return giveOrder({ what: 'cancel-maintenance' }, options, shell);
    if (at === undefined && length === undefined) return giveOrder({ what: 'halt' }, options, shell);
    if (at === undefined || length === undefined)
      throw misused('missing_option', 'An announced maintenance needs both --at and --for.');
    const from = readTime('--at', at, Date.now());
    return giveOrder(
      { what: 'plan-maintenance', from, until: from + readLength('--for', length) },
      options,
      shell,
    );
  },
});

export const resume = command({
  about: 'Takes taps again, unless something else prevents it. Also ends a maintenance that has begun.',
  options: ORDER_OPTIONS,
  examples: ['resume --reason "the quotes are right again"'],
  exits: ORDER_EXITS,
  run: ({ options }, shell) => giveOrder({ what: 'resume' }, options, shell),
});
