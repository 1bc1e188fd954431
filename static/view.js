import { Drag } from './view/drag.js';
import { MarketRows } from './view/market-rows.js';
import { Pinch } from './view/pinch.js';
import { View } from './view/view.js';
import { wireViewKeys } from './view/view-keys.js';
import { Wheel } from './view/wheel.js';

/**
 * Lets a hand move the board and make it larger. The first look and the first tap do without, so the board
 * imports it a little later.
 * @param {import('./view/view.js').Parts} parts
 */
export function begin(parts) {
  const view = new View(parts);
  new Pinch(view, parts.gesture);
  new Drag(view);
  new Wheel(view);
  wireViewKeys(view);
  const rows = new MarketRows(view);
  return {
    /** To be called now and then. @param {number} now */
    look(now) {
      rows.look(now);
      view.show();
    },
  };
}
