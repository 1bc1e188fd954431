import { Html } from '@elysiajs/html';
import type { OwnLimits } from '../../server/game/own-limits.ts';
import type { Restriction } from '../../server/game/restriction.ts';
import { IDS } from '../ids.ts';
import { NameForm, type NameFormProps } from '../others/name-form.tsx';
import type { Theme } from '../page/shell.tsx';
import { OwnLimitsForms } from './own-limits.tsx';
import { RestrictionCard } from './restriction.tsx';

export interface AccountProps {
  readonly limits: OwnLimits;
  readonly restriction: Restriction;
  readonly address: string | null;
  /** Null where no name can be chosen: with real money, or where nothing of others is shown. */
  readonly publicName: NameFormProps | null;
  /** Play money that can be refilled. */
  readonly isSpent: boolean;
  readonly theme: Theme;
  /** Said above the limits, of what was just sent. */
  readonly notice?: string | undefined;
  /** A daily loss limit that was refused. */
  readonly typedLoss?: string | undefined;
}

export function AccountSheet(props: AccountProps): JSX.Element {
  return (
    <dialog id={IDS.account} class="sheet" aria-label="Account and settings">
      <form method="dialog">
        <button type="submit" class="close" aria-label="Close">
          ×
        </button>
      </form>
      <AccountSettings {...props} />
    </dialog>
  );
}

export function AccountPage(props: AccountProps): JSX.Element {
  return (
    <main id="main" class="page narrow">
      <section class="card roomy">
        <AccountSettings {...props} />
      </section>
    </main>
  );
}

function AccountSettings(props: AccountProps): JSX.Element {
  const { limits, restriction, address, publicName, isSpent, theme, notice, typedLoss } = props;
  return (
    <div class="settings">
      <h1>Account</h1>
      <p class="quiet">
        {address ? (
          <>
            Wallet <code safe>{address}</code>
          </>
        ) : (
          <>
            Practice account: play money. It lasts as long as this browser keeps its key; if you sign out, it
            is gone.
          </>
        )}
      </p>
      {address === null && (
        <p class="refill">
          <button type="button" class="button plain" data-refill="true" disabled={!isSpent}>
            Refill play money
          </button>
          <small>Once a day, when your balance is below the lowest stake and no bet is open.</small>
        </p>
      )}
      <RestrictionCard restriction={restriction} />
      <OwnLimitsForms limits={limits} notice={notice} typedLoss={typedLoss} />
      {publicName !== null && <NameForm {...publicName} />}
      <h2>This device</h2>
      <fieldset class="choice" data-theme-choice="true">
        <legend>Theme</legend>
        {(['auto', 'dark', 'light'] as const).map((name) => (
          <label>
            <input type="radio" name="theme" value={name} checked={name === theme} />
            <span safe>{name}</span>
          </label>
        ))}
      </fieldset>
      <Switch name="sound" label="Sound" about="A soft tone when a bet wins." />
      <Switch
        name="vibration"
        label="Vibration"
        about="A short buzz when a tap is placed, and when a bet wins."
        hidden
      />
      <Switch
        name="swipe"
        label="Swipe to tap several cells"
        about="Drag across cells to tap up to 16 at once; leave the board to drop them."
      />
      <Switch
        name="alone"
        label="Hide others"
        about="No wins, leaderboard or wanted cells of other traders on the board."
      />
      <p class="quiet links">
        <a href="/statement">Statement</a> <a href="/history">History</a> <a href="/rules">How it works</a>
      </p>
      <div class="pair">
        <button type="button" class="button plain" data-signout="here">
          Sign out
        </button>
        <button type="button" class="button plain" data-signout="everywhere">
          Sign out everywhere
        </button>
      </div>
    </div>
  );
}

function Switch({
  name,
  label,
  about,
  hidden,
}: {
  name: string;
  label: string;
  about: string;
  /** Until the page's own module has found that this device can do it. */
  hidden?: boolean;
}): JSX.Element {
  return (
    <label class="switch" hidden={hidden}>
      <span>
        <span safe>{label}</span>
        <small safe>{about}</small>
      </span>
      <input type="checkbox" role="switch" data-setting={name} />
    </label>
  );
}
