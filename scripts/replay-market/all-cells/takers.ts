import { OWN_SIDE, SIDES } from '../../../server/game/learned/cell-class.ts';
import { burstEdge } from '../../../server/game/learned/sale.ts';
import { FAR_HUNDREDTHS, type TraderSpec } from '../trader.ts';

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
      return burstEdge(fastSlow, moveRate) > 0;
    case 'near':
      return side === OWN_SIDE;
    case 'far':
      return multiplier >= FAR_HUNDREDTHS;
    case 'sniper':
      return false;
  }
}
