/** One thing that was checked, with a sentence that says what was found. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

export const finding = (check: string, ok: boolean, detail: string): Finding => ({ check, ok, detail });
