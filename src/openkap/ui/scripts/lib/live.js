// A stale page must look stale. Decided here: news is an event of the stream or its heartbeat. No news for
// `data-quiet` seconds, or a broken stream, and the whole page dims its numbers, says so, and says since when.
// The words stay until news comes; nobody can wave them away.
import { hourMinute } from "./clock.js";

export function watchStream(now = () => Date.now()) {
  const body = document.body;
  if (!body.hasAttribute("sse-connect")) return;
  const quiet = Number(body.dataset.quiet || 30) * 1000;
  let last = now();
  const fresh = () => { last = now(); mark(false, last); };
  // A stream that opens again has told nothing yet: only an event is news.
  body.addEventListener("htmx:sseMessage", fresh);
  body.addEventListener("htmx:sseError", () => mark(true, last));
  body.addEventListener("htmx:sseClose", () => mark(true, last));
  addEventListener("offline", () => mark(true, last));
  // A heartbeat is an event nobody swaps, so it is listened to on the source itself.
  body.addEventListener("htmx:sseOpen", (event) => {
    const source = event.detail?.source;
    if (!source || source.openkapHeard) return;
    source.openkapHeard = true;
    source.addEventListener("heartbeat", fresh);
    // "no" is for good; a server that stops for a while is asked again by the browser itself.
    source.addEventListener("closed", (said) => { if (said.data === "no") source.close(); mark(true, last); });
  });
  setInterval(() => { if (now() - last > quiet) mark(true, last); }, 1000);
  // A tablet that slept wakes with old numbers: judge at once, before the stream is back.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && now() - last > quiet) mark(true, last);
  });
}

function mark(stale, last) {
  const main = document.getElementById("main");
  const bar = document.querySelector("[data-not-live]");
  main?.classList.toggle("not-current", stale);
  if (!bar || bar.hidden === !stale) return;
  bar.hidden = !stale;
  const time = bar.querySelector("[data-last-news]");
  if (time && stale) time.textContent = hourMinute(last);
}
