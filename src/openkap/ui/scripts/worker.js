// What a patient's phone can still show without a connection: whom to call, and, where its owner said so,
// their own words. It keeps the look of that page and nothing else of the site: no page of a record is ever
// put into a store here (docs/adr/0032-spanish-and-the-phone.md).
const SHELL = `openkap-shell ${self.location.search}`;
const OWN = "openkap-own";
const OWN_PAGE = "/me/safety/";
const OFFLINE = `/offline/${self.location.search}`;
const LOOK = ["/static/dist/patient.css", "/static/dist/patient.js", "/static/dist/icons.svg", "/static/dist/fonts/next.woff2"];
// Pages of patients and strangers. A desk or a room is never answered from here.
const OURS = /^\/(me|l|at|menu|start|lock|offline)(\/|$)|^\/$/;

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && OURS.test(address.pathname)) event.respondWith(page(event.request, address));
  else if (LOOK.includes(address.pathname)) event.respondWith(look(event.request, address));
});

async function prepare() {
  const shell = await caches.open(SHELL);
  await shell.addAll([OFFLINE, ...LOOK].map((url) => new Request(url, { credentials: "omit", cache: "reload" })));
  await self.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) if (name !== SHELL && name !== OWN) await caches.delete(name);
  await self.clients.claim();
}

async function page(request, address) {
  // "?kept" asks for the copy, also behind the lock of a resting phone: its owner put it there for that.
  const own = address.pathname === OWN_PAGE && (await caches.has(OWN)) ? await (await caches.open(OWN)).match(OWN_PAGE, { ignoreVary: true }) : undefined;
  if (own && address.searchParams.has("kept")) return own;
  try {
    return await fetch(request);
  } catch {
    return own ?? (await caches.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
  }
}

async function look(request, address) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(address.pathname, { cacheName: SHELL, ignoreVary: true })) ?? Response.error();
  }
}
