/** For a glance, and long enough to read it. */
const SHOWN_MS_MIN = 2600;
const READING_MS_PER_CHARACTER = 60;
let hiding;

/** A sentence next to the finger, and for those who listen. `near` is an element or null. */
export function tell(text, near) {
  const toast = document.getElementById('toast');
  document.getElementById('said').textContent = text;
  toast.textContent = text;
  toast.hidden = false;
  const box = near?.getBoundingClientRect() ?? { left: innerWidth / 2, width: 0, top: innerHeight * 0.7, bottom: innerHeight * 0.7 };
  const { width, height } = toast.getBoundingClientRect();
  const left = Math.max(8, Math.min(innerWidth - width - 8, box.left + box.width / 2 - width / 2));
  const above = box.top - height - 8;
  toast.style.transform = `translate(${Math.round(left)}px,${Math.round(above > 56 ? above : box.bottom + 8)}px)`;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.hidden = true), Math.max(SHOWN_MS_MIN, text.length * READING_MS_PER_CHARACTER));
}

/** For screen readers alone. */
export const say = (text) => (document.getElementById('said').textContent = text);
