import { Cells } from './board/cells.js';
import { ServerClock } from './board/clock.js';
import { countdownOf, priceOf } from './board/figures.js';
import { PriceLine } from './board/line.js';
import { Plane } from './board/plane.js';
import { Link } from './live/link.js';
import { Feed } from './live/feed.js';
import { watchResults } from './notice/cheer.js';
import { say, tell } from './notice/toast.js';
import { wireSettings } from './session/settings.js';
import { openSignin, signTaps, wireSignin } from './session/signin.js';
import { TapDesk } from './tap/desk.js';
import { Gesture } from './tap/gesture.js';
import { Keyboard } from './tap/keyboard.js';
import { Stakes } from './tap/stakes.js';

wireSettings();
wireSignin();
const grid = document.getElementById('grid');
if (grid) start(grid);
else waitForOpening();

/** The board of this page: its parts, and the loop that moves them. */
function start(grid) {
  const clock = new ServerClock(Number(grid.dataset.at));
  const cells = new Cells(grid);
  const plane = new Plane(grid, cells, clock);
  const line = new PriceLine(grid, plane);
  const stakes = new Stakes();
  const now = () => clock.now();
  const link = new Link({ frame: (frame) => feed.take(frame), lost: () => { feed.lost(); desk.lost(); } });
  const desk = new TapDesk({ cells, stakes, link, now, say, tell, sign: signTaps, signedIn: () => Boolean(document.body.dataset.session), signIn: openSignin });
  const feed = new Feed({ cells, clock, line, link, desk, showPrice, grid });
  const gesture = new Gesture(grid, plane, (elements) => desk.place(elements));
  new Keyboard({ grid, cells, stakes, gesture, now, price: () => line.price });
  watchResults(say);
  document.addEventListener('tapgrid:theme', () => line.recolour());

  let before = performance.now();
  let swept = 0;
  const frame = (at) => {
    const serverNow = now();
    plane.frame(serverNow, line.price, Math.min(100, at - before));
    line.draw(serverNow);
    before = at;
    if (at - swept > SWEEP_MS) {
      swept = at;
      plane.sweep(serverNow);
      countDown(serverNow);
      desk.freeRefunded(serverNow);
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

const SWEEP_MS = 200;
const OPENING_LOOK_MS = 1500;

function showPrice(cents) {
  const [whole, fraction] = priceOf(cents);
  const [big, small] = document.getElementById('price').children;
  if (big.textContent !== whole) big.textContent = whole;
  small.textContent = fraction;
}

function countDown(now) {
  for (const line of document.querySelectorAll('[data-opens]')) {
    const opens = Number(line.dataset.opens) - now;
    const text = opens > 0 ? `opens in ${countdownOf(opens)}` : Number(line.dataset.ends) > now ? 'open now' : 'being settled';
    if (line.textContent !== text) line.textContent = text;
  }
}

/** The server has no prices yet. Its first columns come over the socket, but the page needs a place to put them. */
function waitForOpening() {
  setInterval(async () => {
    const answer = await fetch('/board').catch(() => null);
    if (answer?.ok && answer.status === 200) location.reload();
  }, OPENING_LOOK_MS);
}
