// Three taps: the monitor's numbers, alertness, save. Decided here: a tap on a number opens a keypad that starts at
// the last value; every set carries its own id and the device's time, so that sending twice is the same as once.
// Without this script the same form is five number boxes, six choices and a button.
export function threeTaps(root = document) {
  root.querySelectorAll("[data-vitals]").forEach(prepare);
}

/** A UUIDv7: time first, so that ids made on a tablet sort as they happened. */
export function submissionId(at = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(at / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function prepare(form) {
  const template = form.querySelector("[data-keypad]");
  form.addEventListener("submit", () => stamp(form));
  form.addEventListener("input", (event) => event.target.closest(".val")?.classList.add("typed"));
  if (!template) return;
  const pad = template.content.firstElementChild.cloneNode(true);
  form.append(pad);
  const keypad = new Keypad(pad);
  for (const box of form.querySelectorAll(".val input")) {
    // A finger gets our keys; a mouse or a keyboard keeps the box as it is.
    box.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse") return;
      event.preventDefault();
      keypad.open(box);
    });
  }
}

function stamp(form) {
  const id = form.elements.submission_id;
  if (!id.value || form.dataset.sent === id.value) id.value = submissionId();
  form.elements.device_at.value = new Date().toISOString();
  form.dispatchEvent(new CustomEvent("openkap:set", { bubbles: true, detail: { id: id.value } }));
}

class Keypad {
  constructor(dialog) {
    this.dialog = dialog;
    this.out = dialog.querySelector("output");
    dialog.querySelector(".keys").addEventListener("click", (event) => this.press(event.target.closest("button")?.value));
    dialog.addEventListener("keydown", (event) => {
      if (/^\d$/.test(event.key)) this.press(event.key);
      if (event.key === "Backspace") this.press("back");
      if (event.key === "Enter") { event.preventDefault(); this.press("done"); }
    });
  }

  open(box) {
    this.box = box;
    this.text = "";
    this.dialog.querySelector("h2").textContent = box.ariaLabel || box.closest(".val").querySelector("small").textContent;
    this.out.textContent = box.value || box.dataset.last || "";
    this.dialog.showModal();
  }

  press(key) {
    if (key === undefined) return;
    if (key === "done") return this.done();
    this.text = key === "back" ? (this.text || this.out.textContent).slice(0, -1) : (this.text + key).slice(0, 3);
    this.out.textContent = this.text;
  }

  done() {
    this.box.value = this.out.textContent;
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.dialog.close();
    // Systolic leads to diastolic without another tap.
    if (this.box.name === "sbp") this.open(this.box.form.elements.dbp);
  }
}
