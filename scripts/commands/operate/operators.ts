import { randomBytes } from 'node:crypto';
import { sameName } from '../../../server/game/operator.ts';
import { isOperatorName, OPERATOR_NAME_RULE, operatorLine } from '../../../server/identity/operators.ts';
import { command } from '../../command-line/command.ts';
import type { Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { CommandFailure, misused, notFound } from '../../command-line/failure.ts';
import { namesOf, replaceText, textOf } from '../../operate/operators-file.ts';

const TOKEN_BYTES = 32;
const NAME = { about: 'the name recorded with everything they do' };

export const add = command({
  about:
    'Creates a token for an operator, adds its SHA-256 to the file named by OPERATORS_FILE, and prints ' +
    'the token, once.',
  words: { name: NAME },
  notes: `A running server accepts it at once. The token opens /ops. For commands, store it in the operator's
~/.tapgrid-token, readable only by them, or pass it with --token-file or TAPGRID_TOKEN.`,
  examples: ['operators add ANN'],
  exits: { 0: 'made', 1: 'an operator of that name exists, or the file cannot be written' },
  async run({ words }, shell) {
    const { name } = words;
    if (!isOperatorName(name))
      throw misused('bad_name', `${JSON.stringify(name)} is not a valid name: ${OPERATOR_NAME_RULE}.`);
    const path = fileOf(shell);
    const text = textOf(path);
    if (namesOf(path, text).some((other) => sameName(other, name)))
      throw new CommandFailure(
        'known',
        `${name} already has a token. To replace it, first run tapgrid operators remove.`,
      );
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    replaceText(path, `${endedLine(text)}${operatorLine(name, token)}\n`);
    shell.say(`The token of ${name}. It cannot be shown again:`);
    return { exit: EXIT.ok, report: { name, token }, text: `${token}\n` };
  },
});

export const remove = command({
  about: 'Removes the token of an operator; a running server refuses it at once.',
  words: { name: NAME },
  examples: ['operators remove ANN'],
  exits: { 0: 'removed', 1: 'no operator of that name, or the file cannot be written' },
  async run({ words: { name } }, shell) {
    const path = fileOf(shell);
    const text = textOf(path);
    if (!namesOf(path, text).some((other) => sameName(other, name))) throw notFound(`${name} has no token.`);
    const isTheirs = (line: string): boolean =>
      !line.trim().startsWith('#') && namesOf(path, line).some((other) => sameName(other, name));
    replaceText(
      path,
      text
        .split('\n')
        .filter((line) => !isTheirs(line))
        .join('\n'),
    );
    return { exit: EXIT.ok, report: { name }, text: `Removed the token of ${name}.\n` };
  },
});

export const list = command({
  about: 'Lists the operators who have a token.',
  examples: ['operators list'],
  exits: { 0: 'the file can be read', 1: 'it cannot' },
  async run(_, shell) {
    const path = fileOf(shell);
    const report = namesOf(path, textOf(path));
    const text = report.map((name) => `${name}\n`).join('') || 'No operator has a token yet.\n';
    return { exit: EXIT.ok, report, text };
  },
});

/** @throws CommandFailure with exit code 2 without a setting that names one */
function fileOf(shell: Shell): string {
  const { operatorsFile } = shell.config();
  if (operatorsFile !== null) return operatorsFile;
  throw misused('no_file', 'OPERATORS_FILE is not set; set it to a file such as /etc/tapgrid/operators.');
}

const endedLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
