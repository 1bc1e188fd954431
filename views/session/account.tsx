import { Html } from '@elysiajs/html';
import { MICROS_PER_DOLLAR } from '../../server/game/money.ts';
import type { AccountLimits } from '../../server/game/session.ts';
import { IDS } from '../ids.ts';
import type { Theme } from '../page/shell.tsx';

export const GUARD_PERCENT_MIN = 50;
export const GUARD_PERCENT_MAX = 95;

export interface AccountProps {
  readonly limits: AccountLimits;
  readonly address: string | null;
  readonly theme: Theme;
}

export function AccountSheet(props: AccountProps): JSX.Element {
  return (
    <dialog id={IDS.account} class="sheet" aria-label="Account and settings">
      <form method="dialog"><button class="close" aria-label="Close">×</button></form>
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

function AccountSettings({ limits, address, theme }: AccountProps): JSX.Element {
  return (
    <div class="settings">
      <h1>Account</h1>
      <p class="quiet">
        {address ? <>Wallet <code safe>{address}</code></> : <>Practice account: play money, kept for this browser’s session.</>}
      </p>
      <LimitsForm limits={limits} />
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
      <Switch name="vibration" label="Vibration" about="A short buzz when a tap is placed." />
      <Switch name="swipe" label="Swipe to tap several cells" about="Drag across cells: one signature for up to 16 taps." />
      <p class="quiet links">
        <a href="/statement">Statement</a> <a href="/history">History</a> <a href="/rules">How it works</a>
      </p>
      <div class="pair">
        <button type="button" class="button plain" data-signout="here">Sign out</button>
        <button type="button" class="button plain" data-signout="everywhere">Sign out everywhere</button>
      </div>
    </div>
  );
}

function LimitsForm({ limits }: { limits: AccountLimits }): JSX.Element {
  const loss = limits.dailyLoss === null ? '' : String(Math.floor(limits.dailyLoss / MICROS_PER_DOLLAR));
  return (
    <form action="/account/limits" method="post" hx-post="/account/limits" hx-target={`#${IDS.settingsNotice}`} hx-swap="innerHTML">
      <h2>Your limits</h2>
      <label class="field">
        <span>Guard <output data-guard="true" safe>{`${limits.guardPercent} %`}</output></span>
        <input type="range" name="guardPercent" min={String(GUARD_PERCENT_MIN)} max={String(GUARD_PERCENT_MAX)} step="5" value={String(limits.guardPercent)} />
        <small>A tap is locked a moment after it was placed. If the multiplier has by then fallen below this part of what you saw, your stake comes back.</small>
      </label>
      <label class="field">
        <span>Daily loss limit, in dollars</span>
        <input type="number" name="dailyLoss" min="1" max="1000000" step="1" inputmode="numeric" placeholder="none" value={loss} />
        <small>Taps that could take you past it are refused until the next UTC day.</small>
      </label>
      <button class="button plain">Save limits</button>
      <p id={IDS.settingsNotice} class="quiet" role="status"></p>
    </form>
  );
}

function Switch({ name, label, about }: { name: string; label: string; about: string }): JSX.Element {
  return (
    <label class="switch">
      <span><span safe>{label}</span><small safe>{about}</small></span>
      <input type="checkbox" role="switch" data-setting={name} />
    </label>
  );
}
