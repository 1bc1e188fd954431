import type { Currency } from '../../game/money.ts';

/** Accounts of the house itself, one each per currency. */
export type InternalRole = 'house' | 'open' | 'funding';

const INTERNAL_ACCOUNTS: Readonly<Record<InternalRole, Readonly<Record<Currency, string>>>> = {
  house: { PLAY: 'house:PLAY', USD: 'house:USD' },
  open: { PLAY: 'open:PLAY', USD: 'open:USD' },
  funding: { PLAY: 'funding:PLAY', USD: 'funding:USD' },
};

export const internalAccount = (role: InternalRole, currency: Currency): string =>
  INTERNAL_ACCOUNTS[role][currency];
