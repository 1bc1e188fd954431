import { Html } from '@elysiajs/html';

/** A page for what went wrong, with a way on. */
export function ErrorPage({
  status,
  title,
  text,
}: {
  status: number;
  title: string;
  text: string;
}): JSX.Element {
  return (
    <main id="main" class="page narrow">
      <section class="card empty">
        <p class="figure" safe>
          {String(status)}
        </p>
        <h1 safe>{title}</h1>
        <p safe>{text}</p>
        <a class="button" href="/">
          To the board
        </a>
      </section>
    </main>
  );
}
