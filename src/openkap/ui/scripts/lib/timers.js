// The room's own clocks, counted on between two news of the stream. Decided here: a clock that runs out glows and
// is said once; it rings nowhere. What the server named is counted, so that a refresh never jumps.
export function watchTimers(now = () => Date.now()) {
  const said = new Set();
  setInterval(() => {
    document.querySelectorAll("[data-since]").forEach((clock) => say(clock, now() - Date.parse(clock.dataset.since)));
    document.querySelectorAll("[data-until]").forEach((clock) => until(clock, Date.parse(clock.dataset.until) - now(), said));
  }, 1000);
}

function until(clock, left, said) {
  say(clock, left);
  if (!("rings" in clock.dataset) || left > 0) return;
  const row = clock.closest("li");
  row?.classList.add("rung");
  const voice = document.querySelector("[data-due-voice]");
  if (voice && row && !said.has(clock.dataset.until)) {
    said.add(clock.dataset.until);
    voice.textContent = row.textContent;
  }
}

function say(clock, length) {
  const seconds = Math.max(0, Math.floor(length / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const text = hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")}` : `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  if (clock.textContent !== text) clock.textContent = text;
}
