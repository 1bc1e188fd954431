import { Html } from '@elysiajs/html';

export interface OpsShellProps {
  readonly title: string;
  readonly asset: (path: string) => string;
  readonly theme: string;
  /** Who is signed in; null for nobody. */
  readonly operator: string | null;
  readonly children: JSX.Element;
}

const HTMX_CONFIG = JSON.stringify({
  includeIndicatorCSS: false,
  history: false,
  noSwap: [204, 304, '4xx', '5xx'],
});
/** Without scripts the whole page comes again this often. */
const REFRESH_S = 30;

export function OpsShell({ title, asset, theme, operator, children }: OpsShellProps): JSX.Element {
  return (
    <>
      {'<!doctype html>'}
      <html lang="en" data-theme={theme}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
          <meta name="color-scheme" content={theme === 'light' || theme === 'dark' ? theme : 'dark light'} />
          <meta name="robots" content="noindex" />
          <meta name="htmx-config" content={HTMX_CONFIG} />
          <title safe>{`${title} · Tapgrid operations`}</title>
          <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
          <link rel="stylesheet" href={asset('app.css')} />
          <link rel="stylesheet" href={asset('ops.css')} />
          {operator !== null && (
            <noscript>
              <meta http-equiv="refresh" content={String(REFRESH_S)} />
            </noscript>
          )}
          {operator !== null && (
            <>
              <script src={asset('vendor/htmx.min.js')} defer></script>
              <script src={asset('ops.js')} type="module"></script>
            </>
          )}
        </head>
        <body class="document ops">
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <header class="bar">
            <a class="brand" href="/ops">
              tap<i>grid</i>
            </a>
            <span class="tag operations">operations</span>
            <span class="spring"></span>
            {operator !== null && (
              <>
                <a class="quiet" href="/ops/settings">
                  Settings
                </a>
                <a class="quiet" href="/ops/log">
                  Log
                </a>
                <form method="post" action="/ops/sign-out">
                  <button type="submit" class="button plain small" safe>{`Sign out ${operator}`}</button>
                </form>
              </>
            )}
          </header>
          {children}
        </body>
      </html>
    </>
  );
}
