// A share switch acts at once and says so. Where the network is gone the switch goes back and says that instead:
// a switch must never show what the server does not hold.
import { followLock } from "./background.js";

export function actAtOnce(root = document) {
  for (const form of root.querySelectorAll("[data-acts-at-once]")) {
    for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
    form.addEventListener("change", (event) => send(form, event.target));
  }
}

async function send(form, box) {
  const voice = form.querySelector("[data-share-voice]");
  const name = box.closest("label")?.querySelector("span")?.firstChild?.textContent ?? "";
  // Every switch waits for the answer: what is sent is the whole of what is shared, never half of two changes.
  const fields = new FormData(form);
  const boxes = [...form.querySelectorAll("input[type=checkbox]:enabled")];
  for (const other of boxes) other.disabled = true;
  try {
    const answer = followLock(await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin" }));
    if (!answer.ok) throw new Refusal(answer.headers.get("X-OpenKAP-Says"));
    if (voice) voice.textContent = `${name}: ${box.checked ? voice.dataset.on ?? "" : voice.dataset.off ?? ""}`;
  } catch (refusal) {
    box.checked = !box.checked;
    if (voice) {
      voice.classList.remove("sr");
      voice.textContent = refusal.says || (voice.dataset.failed ?? "");
    }
  } finally {
    for (const other of boxes) other.disabled = false;
    box.focus();
  }
}

// The server's own reason, where it gave one; otherwise the page's words for a lost connection.
class Refusal extends Error {
  constructor(says) {
    super("not changed");
    this.says = says ? decodeURIComponent(says) : "";
  }
}
