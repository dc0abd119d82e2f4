// The clock on the wall of the page, and the words that follow from it: due, late, old.
// Values that carry a time are re-judged here every second, so that nothing stays "now" on a page nobody redrew.
export function watchClock(now = () => Date.now()) {
  const clock = document.querySelector("[data-clock]");
  const said = new Set();
  const tick = () => {
    if (clock) clock.textContent = hourMinute(now());
    document.querySelectorAll("[data-due-at]").forEach((row) => judgeDue(row, now(), said));
    document.querySelectorAll("[data-stale-after]").forEach((tile) => {
      if (Date.parse(tile.dataset.staleAfter) <= now()) tile.classList.add("stale");
    });
  };
  if (clock && !clock.textContent.trim()) tick();
  setInterval(tick, 1000);
}

export function hourMinute(at) {
  return new Intl.DateTimeFormat(document.documentElement.lang || "en", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.zone || undefined,
  }).format(at);
}

// Said once when a check becomes due and once when it is late: never again, never on each tick.
function judgeDue(row, now, said) {
  const minutes = Math.floor((now - Date.parse(row.dataset.dueAt)) / 60000);
  const late = Number(row.dataset.lateAfter || 3);
  const state = minutes >= late ? "late" : minutes >= 0 ? "now" : "later";
  const was = ["late", "now", "later"].find((name) => row.classList.contains(name));
  if (state === was || (was === "late" && state === "now")) return;
  row.classList.remove("later", "now", "late");
  row.classList.add(state);
  const key = `${row.dataset.dueAt}${state}`;
  const voice = document.querySelector("[data-due-voice]");
  if (state !== "later" && voice && !said.has(key)) {
    said.add(key);
    voice.textContent = row.querySelector(".t")?.textContent ?? "";
  }
}
