// What is tapped in a room while the network is away: sets, marks, timers, notes, the going-home list. Decided here:
// it stays on this tablet, in sight, with the time it was tapped, and is sent once it can be, in that order, by whoever
// tapped it; each has its own id, so that sending twice is once. A set that is refused comes back into the row, with
// the server's words; anything else that is refused is said, and stays until someone has read it.
import { BACKGROUND, csrf, followLock } from "./background.js";
import { hourMinute } from "./clock.js";
import { shelf, shelve, unshelve } from "./shelf.js";
import { fadeToasts } from "./toasts.js";
import { submissionId, threeTaps } from "./vitals.js";

const EVERY = 5000;
const KEPT = { "X-OpenKAP-Kept": "1" };
// What stands before the server answers for it while it is away.
const AWAY = [502, 503, 504];

export function keepInRoom(now = () => Date.now()) {
  const bar = document.querySelector("[data-kept]");
  if (!bar) return;
  const who = document.body.dataset.person ?? "";
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (!event.target.matches("form[data-keeps]")) {
      // Whatever else is sent from here needs the server: without a network it is said at once, and nothing is lost.
      if (!navigator.onLine) { event.preventDefault(); tell(who, "unsent"); }
      return;
    }
    event.preventDefault();
    send(event.target, event.submitter, who, now);
  });
  bar.querySelector("[data-kept-read]").addEventListener("click", () => {
    for (const one of shelf().filter((kept) => kept.refused && kept.kind !== "set")) unshelve(one.id);
    tell(who);
  });
  const flush = () => sendKept(who, now);
  addEventListener("online", flush);
  document.body.addEventListener("htmx:sseMessage", flush);
  setInterval(flush, EVERY);
  tell(who);
  flush();
}

/** The form as filled in. Answered: the page goes where it would have gone. Not answered: it is kept here. */
async function send(form, submitter, who, now) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  const answer = await post(form.action, body, KEPT);
  delete form.dataset.sending;
  if (answer) return show(answer, form, who, submitter);
  // A look at the list asks the server; without one there is nothing to keep, and nothing is lost.
  if (submitter?.name) return tell(who, "away");
  const fields = Object.fromEntries(body);
  delete fields.csrfmiddlewaretoken;
  const [, id] = idOf(fields);
  const kind = form.matches("[data-vitals]") ? "set" : "mark";
  const words = "keptWordsIn" in form.dataset;
  shelve({ id, kind, words, name: form.dataset.keptAs ?? "", address: form.action, fields, who, at: now() });
  begin(form);
  return tell(who);
}

/** What came back, or nothing where the network or the server is away. */
async function post(address, body, headers) {
  try {
    const answer = await fetch(address, { method: "POST", body, headers, credentials: "same-origin", redirect: "manual" });
    return AWAY.includes(answer.status) ? null : answer;
  } catch {
    return null;
  }
}

async function show(answer, form, who, submitter) {
  const room = new URL(form.dataset.keeps, location.href).pathname;
  if (answer.status === 204 && location.pathname === room) {
    begin(form);
    return refresh();
  }
  if (answer.status === 204 || answer.type === "opaqueredirect") return location.assign(form.dataset.keeps + shownNow());
  // A list that was looked at, or a booking asked for from it, comes back whole: nothing was signed by that press.
  if (answer.status === 200) return standAgain(await answer.text(), form);
  if (answer.status !== 422) return submitAs(form, submitter); // locked or in trouble: the form's own way has words for each
  const said = answer.headers.get("X-OpenKAP-Says");
  return said ? tell(who, "saidNo", decodeURIComponent(said)) : standAgain(await answer.text(), form);
}

/** The form's own way, by the very button that was pressed: without its name it would be another one. */
function submitAs(form, submitter) {
  if (submitter?.name) {
    const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(pressed);
  }
  form.submit();
}

/** A form as the server gives it back, with what was typed and what is said of it, without sending it a second time. */
function standAgain(page, form) {
  const again = new DOMParser().parseFromString(page, "text/html");
  if (form.matches("[data-vitals]")) {
    form.replaceWith(document.adoptNode(again.querySelector("form[data-vitals]")));
    threeTaps();
  } else {
    document.getElementById("main").replaceChildren(...again.getElementById("main").childNodes);
    const dock = again.querySelector("aside.gate");
    if (dock) document.querySelector("aside.gate")?.replaceWith(document.adoptNode(dock));
    document.querySelector(".toasts")?.remove();
    const said = again.querySelector(".toasts");
    if (said) document.body.append(document.adoptNode(said));
    fadeToasts();
  }
  document.querySelector("[data-errors], .val.bad input, [data-vitals] [role=alert]")?.focus();
}

let sending = false;

async function sendKept(who, now) {
  // A refused set waits until its room's page is open: only there can it be put right.
  const here = document.querySelector("form[data-vitals]")?.action;
  const waiting = shelf().filter((one) => one.who === who && (!one.refused || (one.kind === "set" && one.address === here)));
  if (sending || !waiting.length) return;
  sending = true;
  try {
    for (const one of waiting) if (!(await sendOne(one, now))) break;
  } finally {
    sending = false;
    tell(who);
  }
}

/** Whether there is any use in sending the next. */
async function sendOne(one, now) {
  const body = new FormData();
  const waited = Math.max(1, Math.round((now() - one.at) / 1000));
  for (const [name, value] of Object.entries({ ...one.fields, csrfmiddlewaretoken: csrf(), waited_seconds: waited })) body.append(name, value);
  const answer = await post(one.address, body, { ...BACKGROUND, ...KEPT });
  if (!answer) return false;
  if (answer.status === 204 || answer.type === "opaqueredirect") {
    unshelve(one.id);
    const form = [...document.querySelectorAll("form[data-kept-words-in]")].find((each) => idOf(each.elements)[1] === one.id);
    if (form) location.assign(form.dataset.keeps);
    else refresh();
    return true;
  }
  if (answer.status !== 422 && answer.status !== 404) {
    followLock(answer);
    return false;
  }
  if (one.kind === "set" && answer.status === 422) giveBack(one);
  else shelve({ ...one, refused: (await reason(answer)) || " " });
  return true;
}

async function reason(answer) {
  const said = answer.headers.get("X-OpenKAP-Says");
  if (said) return decodeURIComponent(said);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("[data-errors] li, .field .error")].map((each) => each.textContent.trim()).join(" ");
}

function giveBack(set) {
  const form = document.querySelector("form[data-vitals]");
  if (!form || set.address !== form.action) return shelve({ ...set, refused: " " });
  for (const [name, value] of Object.entries(set.fields)) {
    const box = form.elements[name];
    if (box && name !== "submission_id") box.value = value;
  }
  form.dataset.refused = "yes";
  return unshelve(set.id);
}

/** The form as new: the next tap is another one. A list that was signed stays as it stands: it is sent once. */
function begin(form) {
  if (form.matches("[data-vitals]")) {
    for (const box of form.querySelectorAll(".val input")) box.value = "";
    for (const pick of form.querySelectorAll("input[type=radio]")) pick.checked = false;
    form.querySelectorAll(".typed").forEach((val) => val.classList.remove("typed"));
    form.elements.submission_id.value = "";
  } else if (form.id !== "home") {
    form.reset();
    // What was given is given once: the next tap is possible when this page is fresh again.
    if ("keptOnce" in form.dataset) form.querySelector("button").disabled = true;
    form.elements[idOf(form.elements)[0]].value = submissionId();
  }
}

/** The name and the value of the field that makes sending twice the same as once. */
function idOf(fields) {
  const names = fields instanceof HTMLFormControlsCollection ? [...fields].map((one) => one.name) : Object.keys(fields);
  const name = names.find((each) => /(^|-)submission(_id)?$/.test(each)) ?? "";
  return [name, fields[name]?.value ?? fields[name]];
}

// Whoever looked at the table looks at the table again.
const shownNow = () => (document.querySelector("main.show-table") ? "?view=table" : "");

const refresh = () => window.htmx?.trigger("#main", "sse:changed");

function tell(who, now = "", what = "") {
  const bar = document.querySelector("[data-kept]");
  const words = bar.querySelector("[data-kept-text]").content;
  const text = (name, fill = "") => words.querySelector(`[data-${name}]`).textContent.replace("WHAT", fill);
  const named = (one) => `${hourMinute(one.at)} ${one.name || text("set")}`;
  const kept = shelf();
  const open = kept.filter((one) => !one.refused);
  const no = kept.filter((one) => one.refused && one.kind !== "set");
  const others = [...new Set(kept.filter((one) => one.who !== who).map((one) => one.who))];
  const said = now === "saidNo" ? [text("said-no", what)] : now ? [text(now)] : [];
  if (open.some((one) => one.kind !== "set")) said.push(text("entry", open.map(named).join(", ")));
  else if (open.length) said.push(text(open.length === 1 ? "one" : "many").replace("N", open.length));
  if (others.length) said.push(text("other").replace("WHO", others.join(", ")));
  if (document.querySelector("form[data-refused]")) said.push(text("refused"));
  for (const one of no) said.push(text("said-no", `${named(one)}. ${one.refused}`.trim()));
  bar.hidden = !said.length;
  bar.querySelector("[data-kept-read]").hidden = !no.length;
  bar.querySelector("[data-kept-words]").textContent = said.join(" ");
}
