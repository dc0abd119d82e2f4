// The idle watch. Decided here: only real acts of a person count (a key, a pointer, a touch), never a poll or a
// stream; the server hears of them at most twice a minute. A minute before the end the page says so and keeps what
// was typed; then it goes to the lock page, which brings the person back to where they were. A quiet window asks
// first whether another one is in use. A form begun and not sent is kept by the server, and offered again.
import { BACKGROUND, followLock, post } from "./background.js";

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

  document.querySelector("[data-lock-form]")?.addEventListener("submit", (event) => {
    if (!unsent()) return;
    event.preventDefault();
    lock(body);
  });

  let asking = false;
  const lockUnlessInUse = async () => {
    if (asking) return;
    asking = true;
    const answer = await post(body.dataset.act).catch(() => undefined);
    asking = false;
    if (answer?.status !== 204) return lock(body);
    last = now() - (seconds - WARN_BEFORE) * 1000 + 1000;
    if (note?.open) note.close();
  };

  setInterval(() => {
    const quiet = (now() - last) / 1000;
    if (quiet >= seconds) return lockUnlessInUse();
    if (quiet >= seconds - WARN_BEFORE && note && !note.open) note.showModal();
    return undefined;
  }, 1000);
}

/** Lock through the form where there is one (it carries `next`), else by address. */
export async function lock(body = document.body) {
  const next = location.pathname + location.search;
  const typed = unsent();
  if (typed) {
    await post(body.dataset.lock, { next }).catch(() => undefined);
    const kept = await fetch(typed.action, { method: "POST", body: new FormData(typed), headers: BACKGROUND })
      .then(followLock).catch(() => undefined);
    if (kept?.status === 423) return;
  }
  const form = document.querySelector("[data-lock-form]");
  if (form) {
    form.querySelector("[name=next]").value = next;
    form.submit();
    return;
  }
  location.assign(`${body.dataset.lock}?next=${encodeURIComponent(next)}`);
}

/** The first form of this page that someone has begun and not sent. */
function unsent() {
  const begun = (control) => (control.type === "checkbox" || control.type === "radio"
    ? control.checked !== control.defaultChecked
    : control.tagName === "SELECT"
      ? [...control.options].some((option) => option.selected !== option.defaultSelected) && control.selectedIndex > 0
      : "defaultValue" in control && control.type !== "hidden" && control.value !== control.defaultValue);
  return [...document.querySelectorAll("form[method=post]:not([data-lock-form])")]
    .find((form) => [...form.elements].some(begun));
}
