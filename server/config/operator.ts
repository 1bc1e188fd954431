import { money, optional, path, text } from '../config-value.ts';
import { key } from '../config-key.ts';

/** How operators reach the server, and what needs two of them. */
export const OPERATOR = {
  operatorTokenFile: key(
    'OPERATOR_TOKEN_FILE',
    optional(path),
    '',
    '/etc/tapgrid/operator-token',
    "File with the token of the operator's page /ops, 24 characters or more. Unset: " +
      'the credential OPERATOR_TOKEN of the service, or there is no such page.',
  ),
  operatorSocket: key(
    'OPERATOR_SOCKET',
    optional(text('a path of at most 107 bytes', /^[\x21-\x7e]{1,107}$/)),
    '',
    '/run/tapgrid/operator.sock',
    'Unix socket on which tapgrid reaches the server, for its user alone. Unset: operator.sock in DATA_DIR.',
  ),
  operatorApprovalMicros: key(
    'OPERATOR_APPROVAL_DOLLARS',
    money(0, 900_000_000),
    '1000',
    '250',
    'A credit or debit by hand of this amount or more needs the name of a second person.',
  ),
} as const;
