import { Html } from '@elysiajs/html';
import type { Micros } from '../../server/game/money.ts';
import { stakeText } from '../amount.ts';
import { IDS } from '../ids.ts';

/** What a session key may spend. */
export interface Scope {
  readonly stakeMax: Micros;
  readonly dailyCap: Micros;
}

export interface SigninProps {
  readonly grant: Micros;
  readonly scope: Scope;
}

export function SigninSheet(props: SigninProps): JSX.Element {
  return (
    <dialog id={IDS.signin} class="sheet" aria-label="Sign in">
      <form method="dialog">
        <button type="submit" class="close" aria-label="Close">
          ×
        </button>
      </form>
      <Signin {...props} />
    </dialog>
  );
}

/**
 * Practice first, wallets second. The buttons work through scripts alone, because a tap is signed by a key
 * that the browser makes.
 */
function Signin({ grant, scope }: SigninProps): JSX.Element {
  return (
    <div class="signin" data-signin="true">
      <h1>Try it</h1>
      <p>
        Start with <b safe>{`${stakeText(grant)} of play money`}</b>. No wallet, no e-mail, nothing to
        install.
      </p>
      <p class="waiting" data-waiting="true" hidden></p>
      <button type="button" class="button wide" data-practice="true">
        Try it with play money
      </button>
      <h2>Or sign in with a wallet</h2>
      <div class="wallets" data-wallets="true">
        <p class="quiet" data-no-wallet="true">
          No wallet found in this browser.
        </p>
      </div>
      <p class="quiet browsers" data-wallet-browsers="true" hidden>
        On a phone the wallet is an app. Open this page inside it:{' '}
      </p>
      <p class="asking" data-pending="true" role="status" hidden>
        <span></span>{' '}
        <button type="button" class="button plain small" data-cancel="true">
          Cancel
        </button>
      </p>
      <p class="quiet" safe>
        {`One signature signs you in and lets this browser tap for up to ${stakeText(scope.stakeMax)} a ` +
          `stake and ${stakeText(scope.dailyCap)} a day. It is not a ` +
          'transaction and cannot move your funds.'}
      </p>
      <p class="warning" data-signin-error="true" role="alert" hidden></p>
      <p class="warning" data-insecure="true" hidden>
        This page was loaded over plain http. Browsers create keys only over https or on localhost, so you
        cannot tap here; you can read everything else.
      </p>
      <noscript>
        <p class="warning">
          Your browser signs each tap with its own key, which needs JavaScript. You can read the board and all
          other pages without it.
        </p>
      </noscript>
    </div>
  );
}

/** The sign-in page at an address where nobody can sign in. */
export function SigninElsewhere({ playAt }: { readonly playAt: string }): JSX.Element {
  return (
    <main id="main" class="page narrow">
      <section class="card empty">
        <h1>Play at the other address</h1>
        <p>This address only shows prices: taps are signed for one address only.</p>
        <a class="button" href={`${playAt}/signin`} safe>
          {playAt}
        </a>
      </section>
    </main>
  );
}

export function SigninPage(props: SigninProps): JSX.Element {
  return (
    <main id="main" class="page narrow">
      <section class="card roomy">
        <Signin {...props} />
      </section>
      <p class="quiet centre">
        New here? Read <a href="/rules">how it works</a> first.
      </p>
    </main>
  );
}
