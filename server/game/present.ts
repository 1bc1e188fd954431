/**
 * A value that has to be there, by what was checked or written before.
 * @param what is asked for, as a noun.
 * @throws Error that names it where it is missing: a fault of ours, or books that other hands have been at.
 */
export function present<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`there is no ${what} where one has to be`);
  return value;
}
