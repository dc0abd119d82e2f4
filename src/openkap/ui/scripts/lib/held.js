// A form pressed without a connection stays on the page with everything typed, says so, and is sent once when
// the connection is back. Forms that keep their own words (keep.js) or act at once (sharing.js) speak for themselves.
const PATIENCE = 600; // ms: a phone without a network knows it at once; one that is only slow is not kept waiting

let held = null;

export function holdForms(root = document) {
  if (!document.body.dataset.held) return;
  root.addEventListener("submit", press);
  addEventListener("online", () => held && go(held));
}

async function press(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.sure) return;
  // At a desk only a network that is known to be gone is asked about: no press there waits for an answer first.
  if (navigator.onLine && "heldKnown" in document.body.dataset) return;
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "yes";
  const there = await isThere();
  delete form.dataset.asking;
  held = { form, button: event.submitter };
  if (there) go(held);
  else say(form);
}

// The browser's own sending, with the button that was pressed: the answer is a page as always.
function go({ form, button }) {
  held = null;
  form.parentNode?.querySelector(":scope > [data-held-says]")?.remove();
  form.dataset.sure = "yes";
  form.requestSubmit(button?.isConnected ? button : null);
  delete form.dataset.sure;
}

async function isThere() {
  if (!navigator.onLine) return false;
  const asked = fetch("/health/live", { method: "HEAD", cache: "no-store", credentials: "omit", headers: { "X-OpenKAP-Background": "1" } });
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE, true));
  return Promise.race([asked.then(() => true, () => false), slow]);
}

function say(form) {
  if (form.nextElementSibling?.matches("[data-held-says]")) return;
  const line = Object.assign(document.createElement("p"), { className: "keep-says held", textContent: document.body.dataset.held });
  line.setAttribute("role", "alert");
  line.dataset.heldSays = "";
  form.after(line);
  line.scrollIntoView({ block: "nearest" });
}
