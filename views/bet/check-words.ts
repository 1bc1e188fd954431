import type { ReceiptCheck } from '../../server/ports/receipt-checks.ts';

/** What a check says to somebody who is no engineer: what holds when it passes. */
export const CHECK_WORDS: Readonly<Record<ReceiptCheck, string>> = {
  shape: 'The file is a complete receipt.',
  'shown quote': 'The multiplier that was shown follows from its inputs by the published formula.',
  'locked quote': 'So does the multiplier that the bet was locked at.',
  lock: 'The bet was locked at the first quote after the hold: the house did not choose another one.',
  guard: 'The lock was not below the guard; a stake whose multiplier fell below it came back.',
  outcome: 'The recorded prices lead to this outcome by the rules.',
  payout: 'The payout is the stake times the locked multiplier, to the last micro-dollar.',
  status: 'The times are in order: placed, locked, then decided.',
  ledger: 'One row took the stake, and one row closed the bet.',
  order: 'The signed order names this cell, stake and multiplier.',
  signature: "The trader's key signed that order: nobody else placed the bet.",
  'tick chain': 'No recorded price is missing or changed: a chain of fingerprints holds them.',
  'order in the chain': 'The bet was recorded before its window opened, and the outcome after.',
  terms: 'Rule, window, hold and age of the quote are those that the house has published.',
  'price terms': "The house's edge and margin are those that it has published.",
  venues: 'Each price comes from enough exchanges, none of which decided alone.',
  holes: 'No stretch of the window is without prices.',
  volatility: 'The measured volatility did not fall faster than it can.',
  'published ticks': 'The prices are those that the house publishes to everybody.',
  'published revisions': 'The quotes are those that the house publishes to everybody.',
  'published model': 'The odds model is the one that the house publishes.',
  'published chain': "The commits are those of the house's published chain.",
  'published bet': 'The house reports the same bet to everybody who asks.',
  'this page': 'The file is of the bet that this page shows.',
};
