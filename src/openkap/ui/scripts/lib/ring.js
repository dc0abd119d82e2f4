// The time left of an infusion, counted on between two news of the stream. Decided here: only the seconds are
// counted here, from the end the server named; a ring without an end (paused, over) stands still.
// Said aloud at 10, 5 and 1 minute, once each.
const SAID_AT = [600, 300, 60];

export function watchRings(now = () => Date.now()) {
  const said = new Set();
  setInterval(() => document.querySelectorAll("[data-ends]").forEach((ring) => tick(ring, now(), said)), 1000);
}

function tick(ring, now, said) {
  if (!ring.dataset.ends) return;
  const left = Math.max(0, Math.round((Date.parse(ring.dataset.ends) - now) / 1000));
  const text = ring.querySelector("[data-left]");
  if (text) text.textContent = span(left);
  const arc = ring.querySelector("[data-ring]");
  const whole = Number(ring.dataset.whole);
  if (arc && whole) arc.setAttribute("stroke-dasharray", `${Math.round((100 * left) / whole)} 100`);
  const mark = SAID_AT.find((at) => left === at);
  const voice = document.querySelector("[data-due-voice]");
  if (mark && voice && !said.has(`${ring.dataset.ends}${mark}`)) {
    said.add(`${ring.dataset.ends}${mark}`);
    voice.textContent = `${ring.querySelector(".name")?.textContent ?? ""} ${span(left)}`;
  }
}

function span(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const end = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${end}` : `${minutes}:${end}`;
}
