// A long form is kept as a draft at each pause, so that a lost session costs no word.
// Decided here: the server keeps it, never this browser; it says so beside the button, and says when it could not.
import { BACKGROUND, csrf, followLock } from "./background.js";

const PAUSE_MS = 1500;

export function keepDrafts(root = document) {
  for (const form of root.querySelectorAll("form[data-draft]")) keepDraft(form);
}

function keepDraft(form) {
  let waiting = 0;
  let underWay = null;
  let sent = false;
  // What is still on its way when the form is sent for good must not come after it.
  const late = new AbortController();
  const pause = () => {
    clearTimeout(waiting);
    if (!sent) waiting = setTimeout(keep, PAUSE_MS);
  };
  const keep = async () => {
    // One at a time: an older text never comes after a newer one.
    await underWay;
    if (sent) return;
    underWay = send(form, late.signal);
    await underWay;
  };
  form.addEventListener("input", pause);
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(waiting);
    late.abort();
  });
  // Left in the middle of a sentence: what stands there still goes.
  addEventListener("pagehide", () => {
    if (!waiting || sent) return;
    const body = new FormData(form);
    navigator.sendBeacon?.(form.dataset.draft, body);
  });
}

async function send(form, signal) {
  const state = form.querySelector("[data-draft-state]");
  try {
    const headers = { "X-CSRFToken": csrf(), ...BACKGROUND };
    const request = { method: "POST", body: new FormData(form), headers, credentials: "same-origin", signal };
    const answer = followLock(await fetch(form.dataset.draft, request));
    if (!answer.ok) throw new Error("not kept");
    if (state) state.textContent = await answer.text();
  } catch {
    if (state && !signal.aborted) state.textContent = form.dataset.draftFailed ?? "";
  }
}
