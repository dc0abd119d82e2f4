// A long page in parts that fold. Decided here: which parts were opened is counted by this browser alone, for the page as
// it reads now, to remind whoever signs below; it stops nobody. A find box leaves only the rows that hold what is typed.
export function readParts(root = document) {
  const parts = [...root.querySelectorAll("details[data-part]")];
  const list = root.querySelector("[data-unread]");
  if (!parts.length || !list) return;
  const name = `openkap read ${list.dataset.unread}`;
  const opened = new Set(kept(name));
  const tell = () => {
    const left = [...list.querySelectorAll("[data-of]")].filter((row) => {
      row.hidden = opened.has(row.dataset.of);
      return !row.hidden;
    });
    list.querySelector("[data-some]").hidden = !left.length;
    list.querySelector("[data-none]").hidden = left.length > 0;
  };
  for (const part of parts) {
    part.addEventListener("toggle", () => {
      if (!part.open || part.dataset.found) return;
      opened.add(part.dataset.part);
      keep(name, [...opened]);
      tell();
    });
  }
  root.addEventListener("click", (event) => {
    const place = event.target.closest?.("a[href^='#part-']")?.hash.slice(1);
    const part = place && document.getElementById(place);
    if (part) part.open = true;
  });
  narrow(root.querySelector("[data-narrow]"), parts);
  tell();
}

function narrow(box, parts) {
  if (!box) return;
  box.closest("[data-narrow-field]").hidden = false;
  const count = document.querySelector("[data-narrow-count]");
  box.addEventListener("input", () => {
    const words = box.value.trim().toLowerCase();
    let found = 0;
    for (const part of parts) {
      const rows = [...part.querySelectorAll("tbody tr")];
      for (const row of rows) row.hidden = Boolean(words) && !row.textContent.toLowerCase().includes(words);
      const here = rows.filter((row) => !row.hidden).length;
      found += here;
      part.hidden = Boolean(words) && !here;
      // Opened to show what was found is not opened to be read.
      if (words) part.dataset.found = "yes";
      part.open = Boolean(words) && here > 0;
      if (!words) delete part.dataset.found;
    }
    count.textContent = words ? count.dataset.words.replace("N", found) : "";
  });
}

// A browser that keeps nothing reminds of all of them again.
function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "[]");
  } catch {
    return [];
  }
}

function keep(name, keys) {
  try {
    sessionStorage.setItem(name, JSON.stringify(keys));
  } catch {
    // it is a reminder only
  }
}
