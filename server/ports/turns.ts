/** Work that anybody may ask for, a little of each caller at a time. */
export interface TakesTurns {
  /**
   * @returns what the work returns, at once or when its turn has come; `refuse` when too much waits already.
   */
  take<T>(caller: string, work: () => T, refuse: () => T): T | Promise<Awaited<T>>;
}
