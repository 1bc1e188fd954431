/** One thing that was looked at. `todo` is there unless all is well. */
export interface Check {
  readonly name: string;
  readonly state: 'well' | 'warn' | 'wrong';
  readonly says: string;
  readonly todo?: string;
}

export const well = (name: string, says: string): Check => ({ name, state: 'well', says });
export const warn = (name: string, says: string, todo: string): Check => ({
  name,
  state: 'warn',
  says,
  todo,
});
export const wrong = (name: string, says: string, todo: string): Check => ({
  name,
  state: 'wrong',
  says,
  todo,
});

/** What a look found, or null when it could not be taken. */
export function safely<Found>(look: () => Found): Found | null {
  try {
    return look();
  } catch {
    return null;
  }
}
