import { Html } from '@elysiajs/html';
import { oldestBrowsersText } from '../page/oldest-browsers.ts';

/**
 * In place of a board that would be broken; the style sheet hides it from every browser that is new enough.
 */
export function Outdated(): JSX.Element {
  return (
    <p class="plate outdated">
      <b>This browser is too old for the board</b>
      <small
        safe
      >{`It needs ${oldestBrowsersText()}, or newer. History and receipts can be read here.`}</small>
    </p>
  );
}
