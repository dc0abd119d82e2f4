// A part that renews itself holds still under a hand. Decided here: nothing is swapped while a pointer or a key is down
// inside it, nor while a field in it has focus and words; what came meanwhile is asked for again right after. A release
// that is never heard (a finger that slid off the glass) holds for seconds only, so that no number stays old for it.
// What was typed and left, and a fold that was open, are carried over into the new part.
import { BACKGROUND } from "./background.js";

const AT_MOST = 5000;
// On glass the click comes a moment after the finger left.
const CLICK_COMES = 150;

export function holdStill(body = document.body) {
  const waiting = new Set();
  let under = null;
  let carried = null;
  let limit = 0;
  const renew = () => {
    under = null;
    for (const id of [...waiting]) {
      const part = document.getElementById(id);
      if (part && isWritten(part)) continue;
      waiting.delete(id);
      if (part) window.htmx.trigger(part, "sse:changed");
    }
  };
  const after = (wait) => { clearTimeout(limit); limit = setTimeout(renew, wait); };
  const press = (event) => { under = event.target; after(AT_MOST); };
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, press, { passive: true, capture: true });
  for (const name of ["pointerup", "pointercancel", "keyup"]) {
    addEventListener(name, () => after(CLICK_COMES), { passive: true, capture: true });
  }
  // A press on another place takes the focus away while it is still down: then its own release renews.
  addEventListener("focusout", () => { if (!under) after(CLICK_COMES); }, { passive: true, capture: true });
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { target, detail } = event;
    if (!detail.shouldSwap || !isBackground(detail)) return;
    if (target.contains(under) || isWritten(target)) {
      detail.shouldSwap = false;
      waiting.add(target.id);
    } else carried = begun(target);
  });
  body.addEventListener("htmx:afterSettle", (event) => { if (carried && isBackground(event.detail)) carry(); });

  function carry() {
    for (const [id, value] of carried.words) {
      const field = document.getElementById(id);
      if (!field) continue;
      field.value = value;
      field.closest("details")?.setAttribute("open", "");
    }
    for (const fold of document.querySelectorAll("details")) if (carried.folds.has(nameOf(fold))) fold.open = true;
    carried = null;
  }
}

const isBackground = (detail) => Object.keys(BACKGROUND).some((name) => name in (detail.requestConfig?.headers ?? {}));

const isTyped = (field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;

/** Whether someone writes inside this part just now. */
function isWritten(part) {
  const field = document.activeElement;
  return part.contains(field) && isTyped(field);
}

function begun(part) {
  const typed = [...part.querySelectorAll("input[id], textarea[id]")].filter(isTyped);
  return {
    words: typed.map((field) => [field.id, field.value]),
    folds: new Set([...part.querySelectorAll("details[open]")].map(nameOf)),
  };
}

/** A fold is known by its own words and those of what it stands in: the new part has no other mark for it. */
function nameOf(fold) {
  const heading = fold.closest("section, li")?.querySelector("h2, h3")?.textContent ?? "";
  return `${heading.trim()} / ${fold.querySelector("summary")?.textContent.trim() ?? ""}`;
}
