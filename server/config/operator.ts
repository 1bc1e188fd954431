import { localPlace, money, optional, path, text } from '../config-value.ts';
import { key } from '../config-key.ts';

/** How operators reach the server, and what needs two of them. */
const CONTACT = /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/[^\s/]\S*)$/;

export const OPERATOR = {
  operatorsFile: key(
    'OPERATORS_FILE',
    optional(path),
    '',
    '/etc/tapgrid/operators',
    'File with one line per operator: name and SHA-256 of their token, written by tapgrid operators add. ' +
      "Reread when it changes. Unset: operators' names are not verified, and nobody can approve as a " +
      'second person.',
  ),
  operatorTokenFile: key(
    'OPERATOR_TOKEN_FILE',
    optional(path),
    '',
    '/etc/tapgrid/operator-token',
    'File with one shared token of at least 24 characters; its holder acts as "operator" and cannot ' +
      "approve as a second person. Removed in the next version: use OPERATORS_FILE. Unset: the service's " +
      'credential OPERATOR_TOKEN. With neither, /ops is off.',
  ),
  opsListen: key(
    'OPS_LISTEN',
    optional(localPlace),
    '',
    '127.0.0.1:9465',
    'Where an engine that has edges shows the page /ops, for the proxy or for this machine alone: with a ' +
      'port, open http://localhost:9465/ops here. Unset: the unix socket ops.sock in DATA_DIR. One process ' +
      'alone shows it on its public address.',
  ),
  operatorSocket: key(
    'OPERATOR_SOCKET',
    optional(text('a path of at most 107 bytes', /^[\x21-\x7e]{1,107}$/)),
    '',
    '/run/tapgrid/operator.sock',
    "Unix socket for tapgrid commands, accessible only to the server's user. Unset: operator.sock in " +
      'DATA_DIR.',
  ),
  securityContact: key(
    'SECURITY_CONTACT',
    optional(text('an address like mailto:security@taps.example or https://…', CONTACT)),
    '',
    'mailto:security@taps.example',
    'Where researchers report a vulnerability of this house, published as /.well-known/security.txt. ' +
      'Unset: that file does not exist.',
  ),
  operatorApprovalMicros: key(
    'OPERATOR_APPROVAL_DOLLARS',
    money(0, 900_000_000),
    '1000',
    '250',
    "Once an operator's credits and debits of 24 hours reach this sum, they need a second person's approval.",
  ),
  operatorsApprovalMicros: key(
    'OPERATORS_APPROVAL_DOLLARS',
    money(0, 900_000_000),
    '3000',
    '1000',
    'The same for all operators together; orders that somebody else approved do not count.',
  ),
} as const;
