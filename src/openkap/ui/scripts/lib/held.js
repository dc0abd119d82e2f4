// A form pressed without a connection stays on the page with everything typed, says so, and is sent once when
// the connection is back. Forms that keep their own words (keep.js) or act at once (sharing.js) speak for themselves.
// Decided here: only a network that the device knows to be gone holds a form; no press waits for an answer first.
let held = null;

export function holdForms(root = document) {
  if (!document.body.dataset.held) return;
  root.addEventListener("submit", press);
  addEventListener("online", () => held && go(held));
}

function press(event) {
  const form = event.target;
  if (navigator.onLine || event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  held = { form, button: event.submitter };
  say(form);
}

// The browser's own sending, with the button that was pressed: the answer is a page as always.
function go({ form, button }) {
  held = null;
  form.parentNode?.querySelector(":scope > [data-held-says]")?.remove();
  form.requestSubmit(button?.isConnected ? button : null);
}

function say(form) {
  if (form.nextElementSibling?.matches("[data-held-says]")) return;
  const line = Object.assign(document.createElement("p"), { className: "keep-says held", textContent: document.body.dataset.held });
  line.setAttribute("role", "alert");
  line.dataset.heldSays = "";
  form.after(line);
  line.scrollIntoView({ block: "nearest" });
}
