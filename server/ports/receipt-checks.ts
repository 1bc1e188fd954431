/**
 * What is checked of a receipt, in the order in which it is reported. The last one is for readers of a page
 * alone: whether the file is of the bet that the page shows.
 */
export const RECEIPT_CHECKS = [
  'shape',
  'shown quote',
  'locked quote',
  'lock',
  'guard',
  'outcome',
  'payout',
  'status',
  'ledger',
  'order',
  'signature',
  'tick chain',
  'order in the chain',
  'terms',
  'price terms',
  'venues',
  'holes',
  'volatility',
  'published ticks',
  'published revisions',
  'published model',
  'published chain',
  'published bet',
  'this page',
] as const;

export type ReceiptCheck = (typeof RECEIPT_CHECKS)[number];
