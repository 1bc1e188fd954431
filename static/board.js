import { wireWatching } from './bet/watch-links.js';
import { Boards } from './board/boards.js';
import { Cells } from './board/cells.js';
import { ServerClock } from './board/clock.js';
import { countdownOf, priceOf } from './board/figures.js';
import { PriceLine } from './board/line.js';
import { Plane } from './board/plane.js';
import { Repaint, write } from './board/repaint.js';
import { Sale } from './board/sale.js';
import { Wanted } from './board/wanted.js';
import { Link } from './live/link.js';
import { Feed } from './live/feed.js';
import { watchResults } from './notice/cheer.js';
import { wireShare } from './notice/share.js';
import { watchSource } from './notice/source.js';
import { say, tell } from './notice/toast.js';
import { watchPresses } from './notice/tone.js';
import { all, byId } from './page/element.js';
import { showLocalTimes } from './page/moments.js';
import { firstTouch } from './page/first-touch.js';
import { watchMore } from './page/more.js';
import { keepOfflinePage } from './page/offline.js';
import { whenStyled } from './page/styled.js';
import { timeoutAfter } from './page/timeout.js';
import { watchAddress } from './session/address.js';
import { comeBackFrom, recoverKey, watchComeback } from './session/comeback.js';
import { wireRefill } from './session/refill.js';
import { watchPlay } from './session/played.js';
import { watchReturns } from './session/return.js';
import { wireSettings } from './session/settings.js';
import { wireSheets } from './session/sheet.js';
import { openSignin, signTaps, wireSignin } from './session/signin.js';
import { Coach } from './tap/coach.js';
import { TapDesk } from './tap/desk.js';
import { FirstTap } from './tap/first-tap.js';
import { Gesture } from './tap/gesture.js';
import { Keyboard } from './tap/keyboard.js';
import { Pattern } from './tap/pattern.js';
import { Stakes } from './tap/stakes.js';
import { showTension } from './tap/tension.js';
import { guardPercent, Ticket } from './tap/ticket.js';

const SWEEP_MS = 200;
const IDLE_REPAINT_MS = 500;
const OPENING_LOOK_MS = 1500;
/** The page stands by then. */
const LATER_MS = 2500;

watchReturns();
showLocalTimes();
watchMore();
keepOfflinePage();
wireSettings();
watchPlay();
wireSheets();
watchAddress();
wireSignin();
wireRefill();
wireShare(tell);
watchComeback();
wireWatching();
const grid = document.getElementById('grid');
if (grid) start(grid);
else waitForOpening();

/**
 * The board of this page: its parts, and the loop that moves them.
 * @typedef {import('./tap/orders.d.ts').Tapped} Tapped
 * @param {HTMLElement} grid
 */
function start(grid) {
  const clock = new ServerClock(Number(grid.dataset.at));
  const now = () => clock.now();
  const screen = new Repaint(() => {
    const at = now();
    plane.look(line.price);
    cells.flush(plane.sight(at));
    if (line.price !== null) showPrice(line.price);
    line.draw(at);
    coach.refresh();
    if (at - swept >= SWEEP_MS) sweep(at);
  });
  const cells = new Cells(grid, () => screen.ask());
  const plane = new Plane(grid, cells, clock);
  const line = new PriceLine(grid, plane);
  const stakes = new Stakes();
  stakes.own?.addEventListener('click', () => hands.then(({ ownStake }) => ownStake.open()));
  const pattern = new Pattern(cells);
  const link = new Link({
    frame: (frame) => feed.take(frame),
    lost: () => {
      feed.lost();
      boards.lost();
      desk.lost();
    },
    ended: () => {
      desk.ended();
      comeBackFrom(link.ended);
    },
    changed: () => sale.look(),
  });
  const sale = new Sale({ grid, link, line, cells, boards: () => boards, now, say });
  const desk = new TapDesk({
    cells,
    stakes,
    link,
    sale,
    now,
    say,
    tell,
    sign: signTaps,
    signedIn: () => Boolean(document.body.dataset.session),
    signIn,
    keyless,
    pattern,
    price: () => line.price,
  });
  const boards = new Boards({
    cells,
    link,
    say,
    changed: () => {
      gesture.drop();
      sale.look();
    },
  });
  const feed = new Feed({
    cells,
    plane,
    boards,
    clock,
    line,
    link,
    desk,
    screen,
    wanted: new Wanted(cells),
    changed: () => (swept = -Infinity),
  });
  /** @param {import('./board/cells.js').Cell[]} elements */
  const place = (elements) => desk.place(elements);
  /** @param {import('./board/cells.js').Cell} cell */
  const takes = (cell) => desk.whyNot(cell) === null;
  /** @type {import('./tap/repeat.js').Repeat | null} */
  let repeat = null;
  const hands = firstTouch(document.body, LATER_MS)
    .then(() => import('./hands.js'))
    .then(({ begin }) =>
      begin({
        pattern,
        stakes,
        takes,
        place: (elements) => desk.place(elements, true),
        price: () => line.price,
        now,
        tell,
        say,
      }),
    );
  hands.then((began) => (repeat = began.repeat));
  const firstTap = new FirstTap({
    cells,
    stakes,
    sale,
    link,
    tell,
    now,
    place,
    currency: document.body.dataset.currency,
    guardPercent,
  });
  const gesture = new Gesture({
    grid,
    cells,
    plane,
    place: (elements) => {
      hands.then(({ hint }) => hint.tapped(elements));
      return place(elements);
    },
    takes,
    gathered: (count) => ticket.gather(count),
  });
  new Keyboard({
    grid,
    cells,
    sale,
    stakes,
    gesture,
    repeat: () => repeat,
    place,
    now,
    price: () => line.price,
  });
  const coach = new Coach({ cells, plane, sale, stakes, price: () => line.price, say });
  const ticket = new Ticket({ grid, cells, plane, sale, stakes, repeat: () => repeat, now, takes });
  watchResults(say, tell);
  watchPresses();
  watchSource(tell);
  document.addEventListener('tapgrid:theme', () => line.recolour());
  /** @type {ReturnType<typeof import('./view.js').begin> | null} */
  let view = null;
  async function moveByHand() {
    await firstTouch(byId('main'), LATER_MS);
    // Where it cannot be fetched, the board follows the price as ever.
    const module = await import('./view.js').catch(() => null);
    view = module?.begin({ grid, plane, cells, screen, gesture, say, now, price: () => line.price }) ?? null;
  }

  /** @param {Tapped[]} taps */
  function signIn(taps) {
    // What another finger holds down lies under the sheet now.
    gesture.drop();
    openSignin(firstTap.remember(taps), () => firstTap.forget());
  }
  /** @param {Tapped[]} taps */
  async function keyless(taps) {
    const waiting = firstTap.remember(taps, 'This browser has lost its session key. Sign in again. ');
    if (await recoverKey()) return;
    openSignin(waiting, () => firstTap.forget());
  }
  let swept = -Infinity;
  /** @param {number} at */
  const sweep = (at) => {
    swept = at;
    plane.sweep(at);
    countDown(at);
    desk.own.refresh(at);
    repeat?.refresh();
    sale.look();
    firstTap.play();
    firstTap.tellWaiting();
    ticket.refresh();
    showTension(cells, line.price, at);
    coach.look(at);
    view?.look(at);
  };
  // Prices repaint the board; without them, or out of sight, its columns still grow old.
  setInterval(() => (document.hidden ? sweep(now()) : screen.ask()), IDLE_REPAINT_MS);
  whenStyled(() => {
    plane.measure();
    line.recolour();
    screen.start();
    moveByHand();
  });
}

/** @param {number} cents */
function showPrice(cents) {
  const [whole, fraction] = priceOf(cents);
  const [big, small] = byId('price').children;
  if (big) write(big, whole);
  if (small) write(small, fraction);
}

/** @param {number} now */
function countDown(now) {
  for (const line of all('[data-opens]')) {
    const opens = Number(line.dataset.opens) - now;
    const text =
      opens > 0
        ? `opens in ${countdownOf(opens)}`
        : Number(line.dataset.ends) > now
          ? 'open now'
          : 'being settled';
    write(line, text);
  }
}

/**
 * The server has no prices yet. Its first columns come over the socket, but the page needs a place to put
 * them.
 */
function waitForOpening() {
  setInterval(async () => {
    const answer = await fetch(`/board${location.search}`, { signal: timeoutAfter(OPENING_LOOK_MS) }).catch(
      () => null,
    );
    if (answer?.ok && answer.status === 200) location.reload();
  }, OPENING_LOOK_MS);
}
