import type { Endpoint } from '../endpoint.ts';
import { account, limits } from './account.ts';
import { archive } from './archive.ts';
import { bets } from './bets.ts';
import { calendar } from './calendar.ts';
import { chain } from './chain.ts';
import { crowd } from './crowd.ts';
import { fairness } from './fairness.ts';
import { grid } from './grid.ts';
import { leaderboard } from './leaderboard.ts';
import { name, nameless } from './name.ts';
import { learned } from './learned.ts';
import { challenge, login } from './login.ts';
import { practice } from './practice.ts';
import { practiceReturn, refill, returnChallenge } from './practice-return.ts';
import { receipt } from './receipt.ts';
import { revisions } from './revisions.ts';
import { session } from './session.ts';
import { statement, statementFile } from './statement.ts';
import { taps } from './taps.ts';
import { terms } from './terms.ts';
import { ticks } from './ticks.ts';
import { time } from './time.ts';
import { today } from './today.ts';

/** The API, in the order of its document. */
export const endpoints: readonly Endpoint[] = [
  practice,
  returnChallenge,
  practiceReturn,
  refill,
  challenge,
  login,
  session,
  account,
  limits,
  today,
  name,
  nameless,
  statement,
  statementFile,
  grid,
  calendar,
  taps,
  bets,
  receipt,
  archive,
  terms,
  ticks,
  revisions,
  learned,
  crowd,
  leaderboard,
  fairness,
  chain,
  time,
];
