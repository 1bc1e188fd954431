import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { AloneLimits } from '../game/operator.ts';
import { OPERATOR_TOKEN_LENGTH_MIN, Operators } from '../identity/operators.ts';
import { Failure, messageOf, systemCodeOf } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';

/**
 * Who may act here, by their tokens.
 * @throws Failure `unusable_setting` when a file with tokens cannot be used.
 */
export function openOperators(config: Config, log: Pick<Log, 'info' | 'error'>): Operators {
  const { operatorsFile: file, operatorTokenFile } = config;
  const shared = operatorTokenFile === null ? null : sharedToken(operatorTokenFile);
  try {
    return new Operators({
      file,
      shared,
      onChange: (operators) => log.info({ operators, file }, 'the operators have changed'),
      onFault: (cause) =>
        log.error(
          { err: cause, file },
          'cannot read the operators file; its previous contents stay in effect',
        ),
    });
  } catch (cause) {
    const remedy = systemCodeOf(cause) === 'ENOENT' ? '. To make it: tapgrid operators add <name>' : '';
    const why = `Cannot read the operators file ${file} (OPERATORS_FILE): ${messageOf(cause)}${remedy}`;
    throw new Failure('unusable_setting', why, { cause });
  }
}

function sharedToken(path: string): string {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token.length >= OPERATOR_TOKEN_LENGTH_MIN) return token;
    throw new Error(`it must have at least ${OPERATOR_TOKEN_LENGTH_MIN} characters`);
  } catch (cause) {
    const why = `Cannot use the operator's token in ${path} (OPERATOR_TOKEN_FILE): ${messageOf(cause)}`;
    throw new Failure('unusable_setting', why, { cause });
  }
}

/** What operators may move without a second person. */
export const aloneLimits = ({ operatorApprovalMicros, operatorsApprovalMicros }: Config): AloneLimits => ({
  each: operatorApprovalMicros,
  all: operatorsApprovalMicros,
});
