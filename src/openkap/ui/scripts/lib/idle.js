// The idle watch. Decided here: only real acts of a person count (a key, a pointer, a touch), never a poll or a
// stream; the server hears of them at most twice a minute. A minute before the end the page says so and keeps what
// was typed; then it goes to the lock page, which brings the person back to where they were.
import { post } from "./background.js";

const ACTS = ["pointerdown", "keydown", "touchstart", "wheel"];
const WARN_BEFORE = 60;
const TELL_EVERY = 30_000;

export function watchIdle(body = document.body, now = () => Date.now()) {
  const seconds = Number(body.dataset.idle);
  if (!seconds) return;
  let last = now();
  let told = now();
  const note = document.querySelector("[data-idle-note]");

  // While the note is open only its own button, Escape or a press beside it answers: closing it at the first
  // touch would let that same touch land on whatever lies under it.
  const act = (event) => {
    if (event?.isTrusted === false || note?.open) return;
    last = now();
    if (now() - told > TELL_EVERY) tell();
  };
  const stay = () => {
    note.close();
    last = now();
    tell();
  };
  const tell = () => {
    told = now();
    post(body.dataset.act, {}, { background: false }).catch(() => undefined);
  };
  for (const name of ACTS) addEventListener(name, act, { passive: true, capture: true });
  note?.addEventListener("click", (event) => { if (event.target === note || event.target.closest("[data-stay]")) stay(); });
  note?.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });

  setInterval(() => {
    const quiet = (now() - last) / 1000;
    if (quiet >= seconds) return lock(body);
    if (quiet >= seconds - WARN_BEFORE && note && !note.open) note.showModal();
    return undefined;
  }, 1000);
}

/** Lock through the form where there is one (it carries `next`), else by address. */
export function lock(body = document.body) {
  const form = document.querySelector("[data-lock-form]");
  if (form) {
    form.querySelector("[name=next]").value = location.pathname + location.search;
    return form.submit();
  }
  location.assign(`${body.dataset.lock}?next=${encodeURIComponent(location.pathname + location.search)}`);
  return undefined;
}
