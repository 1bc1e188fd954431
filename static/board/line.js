/** The price line: a canvas behind the cells, on the same scales as they are. */
export class PriceLine {
  constructor(grid, plane) {
    Object.assign(this, { plane, canvas: grid.querySelector('canvas'), context: grid.querySelector('canvas').getContext('2d'), grid });
    const at = Number(grid.dataset.at);
    const numbers = grid.dataset.line ? grid.dataset.line.split(' ').map(Number) : [];
    this.points = [];
    for (let i = 0; i + 1 < numbers.length; i += 2) this.points.push([at + numbers[i], numbers[i + 1]]);
    this.recolour();
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => this.recolour());
  }

  get price() {
    return this.points.length ? this.points[this.points.length - 1][1] : null;
  }

  push(at, price) {
    const last = this.points[this.points.length - 1];
    if (!last || at > last[0]) this.points.push([at, price]);
    if (this.points.length > POINTS_MAX) this.points.splice(0, POINTS_MAX >> 2);
  }

  recolour() {
    this.colour = getComputedStyle(this.grid).getPropertyValue('--amber').trim();
  }

  draw(now) {
    const { plane, context, canvas } = this;
    const scale = Math.min(2, devicePixelRatio || 1);
    const [width, height] = [Math.round(plane.width * scale), Math.round(plane.height * scale)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, plane.width, plane.height);
    if (!this.points.length) return;
    if (!this.drawn) this.grid.querySelector('.line')?.remove();
    this.drawn = true;
    this.#stroke(now);
    this.#mark(plane.nowX, plane.yOf(this.price));
  }

  #stroke(now) {
    const { plane, context, points } = this;
    let first = points.findIndex(([at]) => plane.xOf(at, now) > -8);
    first = Math.max(0, (first < 0 ? points.length : first) - 1);
    const fade = context.createLinearGradient(0, 0, plane.nowX, 0);
    fade.addColorStop(0, 'transparent');
    fade.addColorStop(0.45, this.colour);
    context.strokeStyle = fade;
    context.lineWidth = 2;
    context.lineJoin = 'round';
    context.beginPath();
    for (let i = first; i < points.length; i++) {
      const [at, price] = points[i];
      const torn = i > first && at - points[i - 1][0] > GAP_MS;
      context[i === first || torn ? 'moveTo' : 'lineTo'](plane.xOf(at, now), plane.yOf(price));
    }
    context.lineTo(plane.nowX, plane.yOf(this.price));
    context.stroke();
  }

  #mark(x, y) {
    const { plane, context } = this;
    context.strokeStyle = context.fillStyle = this.colour;
    context.globalAlpha = 0.35;
    context.lineWidth = 1;
    context.setLineDash([2, 5]);
    context.beginPath();
    context.moveTo(x + 10, y);
    context.lineTo(plane.width - plane.axis, y);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 0.22;
    context.beginPath();
    context.arc(x, y, 9, 0, 7);
    context.fill();
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(x, y, 4, 0, 7);
    context.fill();
  }
}

const POINTS_MAX = 1200;
/** A longer hole in the ticks is drawn as a hole. */
const GAP_MS = 3000;
