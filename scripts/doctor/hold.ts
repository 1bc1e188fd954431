import { span } from '../../views/clock.ts';
import { warn, well, type Check } from './check.ts';
import type { Server } from './server.ts';

/** Whether bets are held for longer than exchanges run ahead of the price; nothing where none speaks. */
export function hold(server: Pick<Server, 'headStarts'> | null): readonly Check[] {
  if (server?.headStarts === undefined || server.headStarts.state === 'not-needed') return [];
  const { holdMs, proposedHoldMs, headStarts, needed, remainingMs } = server.headStarts;
  if (proposedHoldMs === null)
    return [
      warn(
        'hold',
        `how far exchanges run ahead is not measured yet: ${headStarts} of ${needed} moves` +
          `${remainingMs === null ? '' : `, about ${span(remainingMs)} more`}; no real money until then`,
        'Wait: it needs nothing but prices. Play money is taken meanwhile.',
      ),
    ];
  return [
    holdMs < proposedHoldMs
      ? warn(
          'hold',
          `HOLD_MS is ${holdMs}, but exchanges run further ahead: ${proposedHoldMs} is proposed`,
          `Set HOLD_MS=${proposedHoldMs}, then restart.`,
        )
      : well('hold', `HOLD_MS is ${holdMs}, ${proposedHoldMs} is proposed`),
  ];
}
