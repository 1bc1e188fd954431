import { Html } from '@elysiajs/html';
import { BareDocument, type BareProps } from './refusal.tsx';

/** Shown by the service worker when the server cannot be reached; it asks for nothing but the style sheet. */
export function OfflineDocument(props: Pick<BareProps, 'theme' | 'asset'>): JSX.Element {
  return (
    <BareDocument {...props} title="Offline">
      <main id="main" class="page narrow">
        <section class="card empty">
          <h1>You are offline</h1>
          <p>
            Prices and taps need a connection. Your bets are safe: the server decides and pays them meanwhile.
          </p>
          <a class="button" href="/">
            Try again
          </a>
        </section>
      </main>
    </BareDocument>
  );
}
