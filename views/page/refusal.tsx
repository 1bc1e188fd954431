import { Html } from '@elysiajs/html';
import { ErrorPage } from './error.tsx';
import type { Theme } from './shell.tsx';

export interface BareProps {
  readonly theme: Theme;
  readonly asset: (path: string) => string;
  readonly title: string;
  readonly children: JSX.Element;
}

/** A page without session or queries. */
export function BareDocument({ theme, asset, title, children }: BareProps): JSX.Element {
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
        <body class="document">{children}</body>
      </html>
    </>
  );
}

/** A refusal costs the house as little as possible. */
export function RefusalDocument({
  status,
  title,
  text,
  ...bare
}: Omit<BareProps, 'children'> & { readonly status: number; readonly text: string }): JSX.Element {
  return (
    <BareDocument {...bare} title={title}>
      <ErrorPage status={status} title={title} text={text} />
    </BareDocument>
  );
}
