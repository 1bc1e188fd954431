import { Html } from '@elysiajs/html';

export function OpsSignIn({ said }: { said: string | null }): JSX.Element {
  return (
    <main id="main" class="page narrow">
      <h1>Operations</h1>
      <p class="lead">For the operators of this house.</p>
      {said !== null && (
        <p class="warning" role="alert" safe>
          {said}
        </p>
      )}
      <form class="card roomy stack" method="post" action="/ops/sign-in">
        <label>
          Your operator token
          <input
            class="entry"
            name="password"
            type="password"
            autocomplete="current-password"
            maxlength="512"
            required
          />
        </label>
        <button type="submit" class="button wide">
          Sign in
        </button>
        <p class="quiet">
          Everything you do here is recorded with the name of your token. The session ends after eight hours
          and when the server restarts.
        </p>
      </form>
    </main>
  );
}
