/** Answered requests by route and status. Routes are those of the table, so there are not many. */
export class Traffic {
  readonly #counts = new Map<string, Map<number, number>>();

  count(route: string, status: number): void {
    let statuses = this.#counts.get(route);
    if (statuses === undefined) this.#counts.set(route, (statuses = new Map()));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  *[Symbol.iterator](): Generator<readonly [route: string, status: number, requests: number]> {
    for (const [route, statuses] of this.#counts)
      for (const [status, requests] of statuses) yield [route, status, requests];
  }
}
