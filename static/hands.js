import { OwnStake } from './tap/own-stake.js';
import { Repeat } from './tap/repeat.js';
import { SwipeHint } from './tap/swipe-hint.js';

/**
 * What hands do besides tapping. The first look and the first tap do without, so the board imports it a
 * little later.
 * @param {ConstructorParameters<typeof Repeat>[0]} parts
 */
export const begin = (parts) => ({
  repeat: new Repeat(parts),
  ownStake: new OwnStake(parts.stakes),
  hint: new SwipeHint(parts.tell),
});
