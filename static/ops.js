/** Says so when what is shown is old: the server does not answer, or this machine has no network. */
const STALE_MS = 8_000;
const LOOK_MS = 1_000;

const [state, notice] = [document.getElementById('state'), document.getElementById('stale')];
let heardAt = Date.now();

if (state !== null && notice !== null) {
  // The state carries the time, so each answer changes it.
  new MutationObserver(() => (heardAt = Date.now())).observe(state, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  setInterval(() => {
    const age = Date.now() - heardAt;
    notice.hidden = age < STALE_MS;
    document.body.classList.toggle('stale', !notice.hidden);
    const seconds = Math.floor(age / 1000);
    if (!notice.hidden)
      notice.textContent = `The server has not answered for ${seconds} s. The figures below are out of date.`;
  }, LOOK_MS);
}
