import { command } from '../../command-line/command.ts';
import { misused } from '../../command-line/failure.ts';
import { giveOrder, ORDER_EXITS, ORDER_OPTIONS } from '../../operate/orders.ts';
import { readLength, readTime } from '../../operate/times.ts';

export const halt = command({
  about:
    'Takes no more taps, from the next one on, or at a time that traders are told before. Open bets are ' +
    'resolved and paid. A restart does not undo it.',
  options: {
    at: {
      value: '<time>',
      about: 'announce it for then, such as 2026-12-01T14:00Z, 14:00 (the next one in UTC) or +30m',
    },
    for: { value: '<length>', about: 'how long it will take, such as 20m or 1h30m; needed with --at' },
    cancel: { about: 'call off what was announced' },
    ...ORDER_OPTIONS,
  },
  notes: `Pages and programs show an announced maintenance with its reason at once. Windows that would end less than their
own length before it are not sold from then on, so no bet becomes void by it, and taps are taken again at its end.
While it runs, resume ends it, and halt keeps taps out after its end.`,
  examples: [
    'halt --reason "wrong quotes"',
    'halt --at 14:00 --for 20m --reason "new disks"',
    'halt --cancel --reason "the disks are late"',
  ],
  exits: ORDER_EXITS,
  run({ options }, shell) {
    const { at, for: length, cancel } = options;
    if (cancel && (at !== undefined || length !== undefined))
      throw misused('unexpected_option', '--cancel stands alone: name no time with it.');
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
  about: 'Takes taps again, when nothing else speaks against it. Ends a maintenance that has begun, too.',
  options: ORDER_OPTIONS,
  examples: ['resume --reason "the quotes are right again"'],
  exits: ORDER_EXITS,
  run: ({ options }, shell) => giveOrder({ what: 'resume' }, options, shell),
});
