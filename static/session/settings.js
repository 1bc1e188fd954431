const KEY = 'tapgrid-settings';

/** Switches of this device; all off until they are turned on. */
export const setting = (name) => stored()[name] === true;

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), [name]: value }));
  } catch {
    // Without storage the setting holds until the page is left.
  }
}

/** The stake that was chosen last, or null. */
export const lastStake = () => stored().stake ?? null;
export const rememberStake = (micros) => remember('stake', micros);

/** Wires the switches and the theme. The server reads the theme from a cookie, so that no page flashes. */
export function wireSettings() {
  document.querySelectorAll('[data-setting]').forEach((box) => {
    box.checked = setting(box.dataset.setting);
    box.addEventListener('change', () => remember(box.dataset.setting, box.checked));
  });
  document.querySelectorAll('[data-theme-choice] input').forEach((radio) =>
    radio.addEventListener('change', () => {
      document.cookie = `theme=${radio.value}; Path=/; Max-Age=31536000; SameSite=Lax`;
      document.documentElement.dataset.theme = radio.value;
      document.dispatchEvent(new Event('tapgrid:theme'));
    }),
  );
  // The forms come anew with each answer.
  document.addEventListener('input', ({ target }) => {
    if (target.name === 'guardPercent')
      target.closest('.field').querySelector('output').textContent = `${target.value} %`;
  });
}
