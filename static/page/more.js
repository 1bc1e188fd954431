/** The pages behind "More" close when somebody goes on elsewhere, or presses Escape. */
export function watchMore() {
  const close = () => document.querySelector('.more[open]')?.removeAttribute('open');
  document.addEventListener('pointerdown', ({ target }) => {
    if (!(target instanceof Element && target.closest('.more'))) close();
  });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
}
