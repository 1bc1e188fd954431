/** One line of the doctor. */
export interface Found {
  readonly name: string;
  readonly state: 'well' | 'warn' | 'wrong';
  readonly says: string;
  readonly todo?: string;
  readonly chapter?: string;
}
