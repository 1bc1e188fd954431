import { Html } from '@elysiajs/html';

/** A word of the field with its meaning beside it, for those who read the numbers for the first time. */
export function Term({ name, meaning }: { name: string; meaning: string }): JSX.Element {
  return (
    <>
      <dfn safe>{name}</dfn>
      <span class="meaning" safe>
        {meaning}
      </span>
    </>
  );
}
