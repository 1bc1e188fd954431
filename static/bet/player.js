import { priceOf } from '../board/figures.js';
import { write } from '../board/repaint.js';
import { within } from '../page/element.js';
import { tenthOf } from '../page/moments.js';

const SPEEDS = [1, 4];
/** With reduced motion a press goes on by so much, ms. */
const STEP_MS = 500;

/**
 * One tick of the path: ms from the beginning of the picture, cents, height in the picture, and whether a
 * line leads to it.
 * @typedef {{ at: number, price: number, y: number, joined: boolean }} Point
 */

/**
 * Lets a path play that the server has drawn: the line grows, the price runs, and what decided the bet shows
 * when it comes. Who has asked for less motion goes through it step by step.
 * @param {HTMLElement} figure @param {{ begin?: boolean }} [options] begin: at once, unless motion is reduced
 */
export function play(figure, { begin = false } = {}) {
  const player = new Player(figure);
  if (begin && !player.isStepwise) player.start(0);
}

class Player {
  speed = 1;
  /** Of the frame that comes next; 0 while it stands still. */
  frame = 0;

  /** @param {HTMLElement} figure */
  constructor(figure) {
    const { dataset } = figure;
    this.figure = figure;
    this.from = Number(dataset.from);
    /** How long it plays, and how long the picture is. */
    this.span = Number(dataset.span);
    this.reach = Number(dataset.reach);
    this.opens = Number(dataset.opens);
    this.closes = Number(dataset.closes);
    /** When it touched, or came nearest. */
    this.turn = Number(dataset.turn);
    this.low = Number(dataset.low);
    this.high = Number(dataset.high);
    this.left = Number(dataset.left);
    this.points = pointsIn(dataset.points ?? '');
    this.seen = within(figure, 'clipPath rect');
    this.width = Number(this.seen.getAttribute('width'));
    this.head = within(figure, '.head');
    this.price = within(figure, '[data-price]');
    this.away = within(figure, '[data-away]');
    this.clock = within(figure, '[data-clock]');
    this.end = within(figure, '.end');
    this.button = within(figure, '[data-play]');
    this.slider = /** @type {HTMLInputElement} */ (within(figure, 'input'));
    this.faster = within(figure, '[data-speed]');
    this.reduced = matchMedia('(prefers-reduced-motion: reduce)');
    this.at = this.span;
    this.button.addEventListener('click', () => this.press());
    this.slider.addEventListener('input', () => this.goTo(Number(this.slider.value)));
    this.slider.addEventListener('keydown', (event) => this.key(event));
    this.faster.addEventListener('click', () => this.changeSpeed());
    this.reduced.addEventListener('change', () => this.stop());
    figure.dataset.wired = 'true';
    this.name();
  }

  get isStepwise() {
    return this.reduced.matches;
  }

  get isAtEnd() {
    return this.at >= this.span;
  }

  press() {
    if (this.isStepwise) this.goTo(this.isAtEnd ? 0 : this.nextStop());
    else if (this.frame) this.stop();
    else this.start(this.isAtEnd ? 0 : this.at);
  }

  /** @param {number} at ms from the beginning */
  start(at) {
    this.show(at);
    let before = performance.now();
    /** @param {number} now */
    const go = (now) => {
      if (!this.figure.isConnected) return;
      const next = this.at + Math.max(0, now - before) * this.speed;
      before = now;
      this.show(next);
      this.frame = this.isAtEnd ? 0 : requestAnimationFrame(go);
      if (this.isAtEnd) this.name();
    };
    this.frame = requestAnimationFrame(go);
    this.name();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.name();
  }

  /** Shows that moment, and stays there. @param {number} at */
  goTo(at) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.show(at);
    this.name();
  }

  /** The next moment to look at: each half second of the window, and what decided the bet. */
  nextStop() {
    const stops = [this.turn, this.closes, this.span];
    for (let at = this.opens; at < this.closes; at += STEP_MS) stops.push(at);
    return Math.min(this.span, ...stops.filter((stop) => stop > this.at));
  }

  /** From tick to tick. @param {KeyboardEvent} event */
  key(event) {
    const forward = event.key === 'ArrowRight' || event.key === 'ArrowUp';
    if (!forward && event.key !== 'ArrowLeft' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const times = [0, ...this.points.map(({ at }) => at), this.span];
    const next = forward
      ? Math.min(...times.filter((at) => at > this.at), this.span)
      : Math.max(...times.filter((at) => at < this.at), 0);
    this.goTo(next);
  }

  changeSpeed() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] ?? 1;
    this.faster.textContent = `${this.speed}×`;
    this.faster.setAttribute('aria-label', `Speed: ${this.speed}×`);
  }

  /** What the controls say. */
  name() {
    this.button.textContent = this.isStepwise
      ? this.isAtEnd
        ? 'Step through it'
        : 'Next step'
      : this.frame
        ? 'Pause'
        : this.isAtEnd
          ? 'Watch it again'
          : 'Play';
    this.faster.hidden = this.isStepwise;
    this.slider.setAttribute(
      'aria-valuetext',
      `${this.clock.textContent}, ${this.price.textContent}, ${this.away.textContent}`,
    );
  }

  /** @param {number} at ms from the beginning */
  show(at) {
    this.at = Math.max(0, Math.min(this.span, at));
    const x = (this.at / this.reach) * this.width;
    this.seen.setAttribute('width', x.toFixed(2));
    const { price, y } = this.priceAt(this.at);
    this.head.setAttribute('transform', `translate(${(this.left + x).toFixed(2)} ${y.toFixed(2)})`);
    write(this.price, priceText(price));
    write(this.away, this.awayText(price));
    write(this.clock, tenthOf(this.from + this.at));
    write(this.end, this.isAtEnd ? (this.end.dataset.end ?? '') : '');
    this.slider.value = String(this.at);
    this.figure.classList.toggle('running', !this.isAtEnd);
    // In a sheet the result waits for the end.
    this.figure.parentElement?.classList.toggle('untold', !this.isAtEnd);
    this.figure.classList.toggle('undecided', this.at < this.turn);
  }

  /** The newest tick, and where the line to the next one is by then. @param {number} at */
  priceAt(at) {
    const { points } = this;
    const index = Math.max(
      0,
      points.findLastIndex((point) => point.at <= at),
    );
    const [point, next] = [points[index], points[index + 1]];
    if (!point) return { price: this.low, y: 0 };
    const share = next?.joined ? Math.max(0, at - point.at) / (next.at - point.at) : 0;
    return { price: point.price, y: point.y + (next ? next.y - point.y : 0) * share };
  }

  /** @param {number} price */
  awayText(price) {
    if (price >= this.low && price <= this.high) return 'in the band';
    return price < this.low
      ? `$${priceText(this.low - price)} below the band`
      : `$${priceText(price - this.high)} above the band`;
  }
}

/** @param {string} text @returns {Point[]} */
function pointsIn(text) {
  const numbers = text.split(' ').map(Number);
  const points = [];
  for (let i = 0; i + 3 < numbers.length; i += 4) {
    const [at = 0, price = 0, y = 0, joined] = numbers.slice(i, i + 4);
    points.push({ at, price, y, joined: joined === 1 });
  }
  return points;
}

/** Cents → `76,041.85` @param {number} cents */
const priceText = (cents) => priceOf(cents).join('');
