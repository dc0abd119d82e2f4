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
  box.disabled = true;
  const fields = new FormData(form);
  if (box.checked) fields.append(box.name, box.value);
  try {
    const answer = followLock(await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin" }));
    if (!answer.ok) throw new Error(String(answer.status));
    if (voice) voice.textContent = `${name}: ${box.checked ? voice.dataset.on ?? "" : voice.dataset.off ?? ""}`;
  } catch {
    box.checked = !box.checked;
    if (voice) {
      voice.classList.remove("sr");
      voice.textContent = voice.dataset.failed ?? "";
    }
  } finally {
    box.disabled = false;
    box.focus();
  }
}
