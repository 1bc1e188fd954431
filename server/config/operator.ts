import { localPlace, money, optional, path, text } from '../config-value.ts';
import { key } from '../config-key.ts';

/** How operators reach the server, and what needs two of them. */
export const OPERATOR = {
  operatorsFile: key(
    'OPERATORS_FILE',
    optional(path),
    '',
    '/etc/tapgrid/operators',
    'File with a line for each operator: name and SHA-256 of their token, as tapgrid operators add ' +
      'writes it. Read again when it changes. Unset: names are claimed, and ' +
      'nothing can have a second person.',
  ),
  operatorTokenFile: key(
    'OPERATOR_TOKEN_FILE',
    optional(path),
    '',
    '/etc/tapgrid/operator-token',
    'File with one token for all operators, 24 characters or more: whoever comes with it is "operator" ' +
      'and no ' +
      'second person. Goes with the next version; OPERATORS_FILE takes its place. ' +
      'Unset: the credential OPERATOR_TOKEN of the service. With neither there is no page /ops.',
  ),
  opsListen: key(
    'OPS_LISTEN',
    optional(localPlace),
    '',
    '127.0.0.1:9465',
    'Where an engine that has edges shows the page /ops, for the proxy or for this machine alone. ' +
      'Unset: the unix socket ops.sock in DATA_DIR. One process alone shows it on its public address.',
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
    'What an operator credits and debits by hand in 24 hours may come to less than this; what comes to it ' +
      'needs a second person.',
  ),
  operatorsApprovalMicros: key(
    'OPERATORS_APPROVAL_DOLLARS',
    money(0, 900_000_000),
    '3000',
    '1000',
    'The same for all operators together: what somebody else approved does not count.',
  ),
} as const;
