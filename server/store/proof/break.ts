/** Where a chain does not hold, and how. Both together are a sentence. */
export interface Break {
  readonly place: string;
  readonly detail: string;
}

export const sentenceOf = ({ place, detail }: Break): string => `${place} ${detail}`;
