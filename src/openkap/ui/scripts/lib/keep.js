// What is typed for oneself stays on this phone until the server has it: a lost connection loses nothing.
// Kept under the person's own id, and gone from the phone once it was sent.
import { followLock } from "./background.js";

export function keepWords(root = document) {
  for (const form of root.querySelectorAll("form[data-keep]")) new Kept(form);
}

class Kept {
  constructor(form) {
    Object.assign(this, { form, name: `openkap ${form.dataset.keep}`, boxes: [...form.querySelectorAll("textarea")] });
    this.says = form.querySelector("[data-keep-says]");
    this.mark = form.querySelector("[name=submission]");
    this.from = form.querySelector("[name=made_from]");
    this.bringBack();
    for (const box of this.boxes) box.addEventListener("input", () => this.write());
    form.addEventListener("submit", (event) => this.send(event));
    addEventListener("online", () => this.waiting && this.form.requestSubmit());
  }

  bringBack() {
    if (document.querySelector("[data-errors]")) return; // the server just gave back what was typed
    const kept = JSON.parse(read(this.name) ?? "null");
    // What stands in the boxes counts more, unless it is only the version they were filled from.
    if (!kept || (!this.from && this.boxes.some((box) => box.value))) return;
    [kept.words].flat().forEach((words, n) => this.boxes[n] && (this.boxes[n].value = words));
    if (this.from) this.from.value = kept.from ?? "";
    // The same words sent twice are one entry: they go out under the mark they had.
    if (this.mark && kept.mark) this.mark.value = kept.mark;
    this.say("found");
  }

  write() {
    const words = this.boxes.map((box) => box.value);
    if (!words.some(Boolean)) return forget(this.name);
    keep(this.name, JSON.stringify({ words, mark: this.mark?.value ?? "", from: this.from?.value }));
  }

  async send(event) {
    event.preventDefault();
    this.write();
    try {
      const answer = followLock(
        await fetch(this.form.action || location.href, {
          method: "POST",
          body: new FormData(this.form),
          headers: { "X-OpenKAP-Keep": "1" },
          credentials: "same-origin",
          redirect: "manual",
        }),
      );
      this.waiting = false;
      if (answer.status === 204) {
        forget(this.name);
        location.assign(this.form.dataset.then ?? location.pathname);
      } else if (answer.type === "opaqueredirect") location.reload(); // locked: the words stay here as well
      else this.form.submit();
    } catch {
      this.waiting = true;
      this.say("waiting");
    }
  }

  say(what) {
    if (!this.says) return;
    this.says.textContent = this.says.dataset[what];
    this.says.hidden = false;
  }
}

// A phone that keeps nothing (a private window) still sends.
function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, words) {
  try {
    localStorage.setItem(name, words);
  } catch {
    // nothing is kept here; the form itself still holds the words
  }
}

function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // nothing was kept
  }
}
