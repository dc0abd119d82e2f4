// A set that is tapped while the network is away. Decided here: it stays on this tablet, in sight, with the time it
// was tapped, and is sent once it can be, by whoever tapped it; each set has its own id, so that sending twice is
// once. Nothing is kept but numbers and ids. A set that is refused comes back into the row, with the server's words.
import { BACKGROUND, followLock } from "./background.js";

const SHELF = "openkap.kept-sets";
const EVERY = 5000;
// What stands before the server answers for it while it is away.
const AWAY = [502, 503, 504];

export function keepSets(now = () => Date.now()) {
  const form = document.querySelector("form[data-keeps]");
  if (!form) return;
  const who = document.body.dataset.person ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, who, now);
  });
  const flush = () => sendKept(form, who, now);
  addEventListener("online", flush);
  document.body.addEventListener("htmx:sseMessage", flush);
  setInterval(flush, EVERY);
  tell(who);
  flush();
}

/** The set as typed. Answered: the page goes where the form would have gone. Not answered: it is kept here. */
async function send(form, who, now) {
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return;
  button.disabled = true;
  const fields = Object.fromEntries(new FormData(form));
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" });
    if (answer.type === "opaqueredirect") return location.assign(form.dataset.keeps + shownNow());
    if (AWAY.includes(answer.status)) throw new Error("away");
    // Refused, locked or in trouble: the form's own way has words for each, and loses nothing.
    return form.submit();
  } catch {
    shelve({ address: form.action, fields, who, at: now() });
    clear(form);
    tell(who);
  } finally {
    button.disabled = false;
  }
}

// Whoever looked at the table looks at the table again.
const shownNow = () => (document.querySelector("main.show-table") ? "?view=table" : "");

let sending = false;

async function sendKept(form, who, now) {
  // A refused set of another room waits until that room's page is open: only there can it be put right.
  const waiting = () => shelf().filter((set) => set.who === who && (!set.refused || set.address === form.action));
  if (sending || !waiting().length) return;
  sending = true;
  try {
    for (const set of waiting()) {
      if (!(await sendOne(form, set, now))) break;
      shelve(null, set.fields.submission_id);
    }
  } finally {
    sending = false;
    tell(who);
  }
}

async function sendOne(form, set, now) {
  const body = new FormData();
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const waited = Math.max(1, Math.round((now() - set.at) / 1000));
  for (const [name, value] of Object.entries({ ...set.fields, csrfmiddlewaretoken: token, waited_seconds: waited })) body.append(name, value);
  let answer;
  try {
    answer = await fetch(set.address, { method: "POST", body, headers: BACKGROUND, credentials: "same-origin", redirect: "manual" });
  } catch {
    return false;
  }
  if (answer.type === "opaqueredirect") return true;
  if (answer.status === 422) return giveBack(form, set);
  followLock(answer);
  return false;
}

function giveBack(form, set) {
  if (set.address !== form.action) {
    shelve({ ...set, refused: true });
    return false;
  }
  for (const [name, value] of Object.entries(set.fields)) {
    const box = form.elements[name];
    if (box && name !== "csrfmiddlewaretoken" && name !== "submission_id") box.value = value;
  }
  form.dataset.refused = "yes";
  return true;
}

function clear(form) {
  for (const box of form.querySelectorAll(".val input")) box.value = "";
  for (const pick of form.querySelectorAll("input[type=radio]")) pick.checked = false;
  form.querySelectorAll(".typed").forEach((val) => val.classList.remove("typed"));
  form.elements.submission_id.value = "";
}

function shelf() {
  try {
    return JSON.parse(localStorage.getItem(SHELF) ?? "[]");
  } catch {
    return [];
  }
}

/** Put a set on the shelf, or take the one with this id off it. */
function shelve(set, gone) {
  const kept = shelf().filter((one) => one.fields.submission_id !== (set?.fields.submission_id ?? gone));
  if (set) kept.push(set);
  localStorage.setItem(SHELF, JSON.stringify(kept));
}

function tell(who) {
  const bar = document.querySelector("[data-kept]");
  if (!bar) return;
  const kept = shelf();
  const refused = document.querySelector("form[data-refused]");
  bar.hidden = !kept.length && !refused;
  if (bar.hidden) return;
  const words = bar.querySelector("[data-kept-text]").content;
  const text = (name) => words.querySelector(`[data-${name}]`).textContent;
  const others = [...new Set(kept.filter((set) => set.who !== who).map((set) => set.who))];
  const said = kept.length ? [text(kept.length === 1 ? "one" : "many").replace("N", kept.length)] : [];
  if (others.length) said.push(text("other").replace("WHO", others.join(", ")));
  if (refused) said.push(text("refused"));
  bar.querySelector("[data-kept-words]").textContent = said.join(" ");
}
