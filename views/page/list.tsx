import { Html } from '@elysiajs/html';

/** What stands where there is nothing to list yet. */
export function Empty({
  title,
  text,
  href,
  action,
}: {
  title: string;
  text: string;
  href: string;
  action: string;
}): JSX.Element {
  return (
    <section class="card empty">
      <h2 safe>{title}</h2>
      <p safe>{text}</p>
      <a class="button" href={href} safe>
        {action}
      </a>
    </section>
  );
}

/** A link to the next page of a list; nothing at its end. */
export function Pager({
  path,
  query,
  cursor,
}: {
  path: string;
  query?: Readonly<Record<string, string | null>>;
  cursor: string | null;
}): JSX.Element {
  if (cursor === null) return '';
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== null) search.set(name, value);
  search.set('cursor', cursor);
  return (
    <p class="pager">
      <a class="button plain" href={`${path}?${search}`} rel="next">
        Older
      </a>
    </p>
  );
}
