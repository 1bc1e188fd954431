import { ReceiptShape } from '../../ports/receipt-shape.ts';
import { receiptRefusal } from '../archived.ts';
import { endpoint } from '../endpoint.ts';
import { NO_STORE, ok } from '../reply.ts';
import { RECEIPT_EXAMPLE } from './receipt-example.ts';

const BET_ID = /^[A-Za-z0-9_-]{1,64}$/;

export const receipt = endpoint({
  method: 'GET',
  path: '/api/v1/bets/:id/receipt',
  title: 'Read the receipt of a bet',
  about:
    'Everything that decided the bet: both quotes with their inputs, the ticks with their chain hashes, ' +
    'the ledger rows, the signed order. Anyone who knows the id can read it; only the owner sees ' +
    'balances. `archived`: the bet, if it exists, is in the archive; its owner can request it (`POST ' +
    '/api/v1/archive`). ' +
    '`tapgrid verify-receipt` checks it offline.',
  access: 'known',
  answers: {
    200: {
      about: 'The receipt; for an open bet, without an outcome',
      schema: ReceiptShape,
      example: RECEIPT_EXAMPLE,
    },
  },
  refusals: ['not_found', 'archived'],
  run: ({ deps, params, session }) => {
    const id = params.id ?? '';
    const refusal = receiptRefusal(deps, BET_ID.test(id) ? id : '');
    return refusal ?? ok(deps.receiptOf(id, session?.accountId ?? null), NO_STORE);
  },
});
