import { Html } from '@elysiajs/html';
import { ErrorPage } from './error.tsx';
import type { Theme } from './shell.tsx';

/** A page without session or queries: a refusal costs the house as little as possible. */
export function RefusalDocument({
  theme,
  asset,
  status,
  title,
  text,
}: {
  theme: Theme;
  asset: (path: string) => string;
  status: number;
  title: string;
  text: string;
}): JSX.Element {
  return (
    <>
      {'<!doctype html>'}
      <html lang="en" data-theme={theme}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
          <meta name="color-scheme" content={theme === 'auto' ? 'dark light' : theme} />
          <title safe>{`${title} · Tapgrid`}</title>
          <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
          <link rel="stylesheet" href={asset('app.css')} />
        </head>
        <body class="document">
          <ErrorPage status={status} title={title} text={text} />
        </body>
      </html>
    </>
  );
}
