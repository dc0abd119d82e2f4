// A copy of one's own words on one's own phone, and nothing of anyone else's: the worker of this site, the
// button that keeps or drops the copy, and the clearing when a session ends or another person signs in.
const OWN = "openkap-own";
const PAGE = "/me/safety/";
const OWNER = "/owner";

export function mindThePhone(body = document.body) {
  const { worker, owner } = body.dataset;
  if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => undefined);
  if (owner) void clear(owner);
  for (const form of document.querySelectorAll("form[data-sign-out]")) leave(form);
  const box = document.querySelector("[data-pocket]");
  if (box && "caches" in globalThis) new Pocket(box, owner);
  const links = document.querySelectorAll("[data-pocket-link]");
  if (links.length) void isKept().then((kept) => links.forEach((link) => (link.hidden = !kept)));
}

// Whatever was kept here for anyone but this person; without a name, for anyone.
async function clear(owner = "nobody") {
  for (const name of words()) if (!name.endsWith(owner)) localStorage.removeItem(name);
  if (!("caches" in globalThis) || !(await caches.has(OWN))) return;
  const mark = await (await caches.open(OWN)).match(OWNER);
  if ((await mark?.text()) !== owner) await caches.delete(OWN);
}

function words() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith("openkap "));
  } catch {
    return []; // a phone that keeps nothing has nothing to clear
  }
}

async function isKept() {
  return "caches" in globalThis && (await caches.has(OWN)) && Boolean(await (await caches.open(OWN)).match(PAGE));
}

function leave(form) {
  const says = form.querySelector("[data-unsent]");
  if (says) says.hidden = words().length === 0;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void clear().finally(() => form.submit());
  });
}

class Pocket {
  constructor(box, owner) {
    Object.assign(this, { box, owner });
    this.find("keep").addEventListener("click", () => void this.keep());
    this.find("drop").addEventListener("click", () => void caches.delete(OWN).then(() => this.show()));
    box.hidden = false;
    // What was written anew since replaces the copy, where there is one.
    void isKept().then((kept) => (kept ? this.keep() : this.show()));
  }

  find(name) {
    return this.box.querySelector(`[data-pocket-${name}]`);
  }

  async keep() {
    const answer = await fetch(this.box.dataset.pocket, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) {
      const own = await caches.open(OWN);
      await own.put(OWNER, new Response(this.owner));
      await own.put(PAGE, answer);
    }
    await this.show();
  }

  async show() {
    const kept = await isKept();
    for (const name of ["keep", "none"]) this.find(name).hidden = kept;
    for (const name of ["drop", "kept"]) this.find(name).hidden = !kept;
  }
}
