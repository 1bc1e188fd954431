/**
 * Highest multiplier, in hundredths, of each warmth: about one chance in two, in three, in seven. The page's
 * modules read it from the board.
 */
export const HEAT = { h3: 190, h2: 310, h1: 670 } as const;

/** Class of a cell by its multiplier; cells that take no bets are `off`. */
export function heatOf(value: number | null): 'h3' | 'h2' | 'h1' | 'off' | '' {
  if (!value) return 'off';
  if (value <= HEAT.h3) return 'h3';
  if (value <= HEAT.h2) return 'h2';
  return value <= HEAT.h1 ? 'h1' : '';
}
