import { OWN_SIDE, SIDES } from '../../../server/game/learned/cell-class.ts';
import { BURST_FAST_SLOW, FAR_HUNDREDTHS, type TraderSpec } from '../trader.ts';

/** So many times as many moves in a minute as in the last hours are a burst too. */
const BURST_MOVE_RATE = 1.4;

/** A cell on offer as a trader looks at it. */
export interface Look {
  /** Index in the sides. */
  readonly side: number;
  /** Hundredths. */
  readonly multiplier: number;
  readonly fastSlow: number;
  /** Moves in the last minute over their mean. */
  readonly moveRate: number;
}

/** Whether the trader takes every such cell. A sniper picks his own: false. */
export function takes({ kind }: TraderSpec, { side, multiplier, fastSlow, moveRate }: Look): boolean {
  switch (kind) {
    case 'random':
      return true;
    case 'momentum':
      return SIDES[side] === 'with';
    case 'contrarian':
      return SIDES[side] === 'against';
    case 'burst':
      return fastSlow > BURST_FAST_SLOW || moveRate > BURST_MOVE_RATE;
    case 'near':
      return side === OWN_SIDE;
    case 'far':
      return multiplier >= FAR_HUNDREDTHS;
    case 'sniper':
      return false;
  }
}
