import { Html } from '@elysiajs/html';
import { grouped } from '../../server/game/money.ts';
import { IDS } from '../ids.ts';

/** What the number counts, in a sentence. */
export const WHO_COUNTS =
  'People who have the board open: each account once, and each address once of those who are not ' +
  'signed in. Programs do not count.';

export const People = ({ people }: { people: number }): JSX.Element => (
  <span id={IDS.people} class="people" title={WHO_COUNTS}>
    <PeopleText people={people} />
  </span>
);

/** As many as there are: nobody is made up. Until the first page is counted there is nothing to say. */
export const PeopleText = ({ people }: { people: number }): JSX.Element =>
  people > 0 ? <span safe>{`${grouped(people)} here`}</span> : <></>;
