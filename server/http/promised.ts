import { ORDINARY } from '../game/formula.ts';
import { quotedTerms, type QuoteInputs } from '../game/odds.ts';
import { quotedReturn } from '../game/returns.ts';

/**
 * What a multiplier in hundredths promises: its mean return in ordinary times, at the margins that its range
 * has under these inputs; at ordinary ones where nothing was quoted yet.
 */
export const promisedBy =
  (inputs: QuoteInputs | undefined) =>
  (multiplier: number): number =>
    quotedReturn(multiplier, inputs === undefined ? ORDINARY : quotedTerms(inputs, multiplier));
