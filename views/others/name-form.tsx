import { Html } from '@elysiajs/html';
import { NAME_FORM, NAME_LENGTH_MAX, NAME_LENGTH_MIN } from '../../server/game/trader-name.ts';
import { IDS } from '../ids.ts';

export interface NameFormProps {
  /** Null while the account is shown to nobody. */
  readonly name: string | null;
  /** On what was just sent. */
  readonly notice?: string | undefined;
  /** A name that was refused, which stays to be mended. */
  readonly typed?: string | undefined;
}

const SAVED_BY = {
  action: '/account/name',
  method: 'post',
  'hx-post': '/account/name',
  'hx-target': `#${IDS.publicName}`,
  'hx-swap': 'outerHTML',
} as const;

/** Where a practice account gets its public name, with what its trader agrees to, and loses it again. */
export function NameForm({ name, notice, typed }: NameFormProps): JSX.Element {
  return (
    <section id={IDS.publicName} class="limits">
      <h2>Public name</h2>
      <p class="quiet notice" role="status" safe>
        {notice ?? ''}
      </p>
      <form {...SAVED_BY}>
        <label class="field">
          <span safe>
            {name === null
              ? 'Nobody sees you. To be shown, choose a name'
              : `Others see you as ${name}. To change it, choose another name`}
          </span>
          <span class="joined">
            <input
              type="text"
              name="name"
              required
              minlength={NAME_LENGTH_MIN}
              maxlength={NAME_LENGTH_MAX}
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              value={typed ?? name ?? ''}
            />
            <button type="submit" class="button plain small">
              {name === null ? 'Save name' : 'Change name'}
            </button>
          </span>
          <small safe>{`${NAME_FORM}.`}</small>
        </label>
        <label class="consent">
          <input type="checkbox" name="agree" value="yes" required checked={name !== null} />
          <small>
            I agree that everybody sees this name, with my wins on the board and my profit, best hit and
            number of bets on the leaderboards. I can change or remove it at any time.
          </small>
        </label>
      </form>
      {name !== null && (
        <form {...SAVED_BY}>
          <input type="hidden" name="remove" value="yes" />
          <button type="submit" class="button plain small">
            Remove my name
          </button>
          <small class="quiet"> It is gone from all lists at once, and erased.</small>
        </form>
      )}
    </section>
  );
}
