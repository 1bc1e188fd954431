import { command } from '../../command-line/command.ts';
import { giveOrder, ORDER_EXITS, ORDER_OPTIONS } from '../../operate/orders.ts';

export const halt = command({
  about:
    'Takes no more taps, from the next one on. Open bets are resolved and paid. A restart does not undo it.',
  options: ORDER_OPTIONS,
  examples: ['halt --reason "wrong quotes"'],
  exits: ORDER_EXITS,
  run: ({ options }, shell) => giveOrder({ what: 'halt' }, options, shell),
});

export const resume = command({
  about: 'Takes taps again, when nothing else speaks against it.',
  options: ORDER_OPTIONS,
  examples: ['resume --reason "the quotes are right again"'],
  exits: ORDER_EXITS,
  run: ({ options }, shell) => giveOrder({ what: 'resume' }, options, shell),
});
