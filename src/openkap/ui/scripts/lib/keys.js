// Keys at a desk: "/" finds a person, "?" lists the keys, "g" then a letter goes to a page, "n" makes a new one.
// Never while someone is writing, never with a modifier, and off where the person turned them off.
const WRITING = "input, textarea, select, [contenteditable]";

export function watchKeys() {
  const list = document.querySelector("[data-shortcut-list]");
  list?.querySelector("[data-close]")?.addEventListener("click", () => list.close());
  if (document.body.dataset.shortcuts === "off") return;
  let going = false;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(WRITING)) return;
    const wasGoing = going;
    going = false;
    if (wasGoing) return follow(`[data-key="${CSS.escape(event.key)}"]`, event);
    if (event.key === "/") return find(event);
    if (event.key === "?") return show(list, event);
    if (event.key === "n") return follow("[data-new]", event);
    going = event.key === "g";
  });
  rowKeys();
}

function find(event) {
  const box = document.querySelector("[data-find]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

function show(list, event) {
  if (!list || list.open) return;
  event.preventDefault();
  list.showModal();
}

function follow(selector, event) {
  const link = document.querySelector(selector);
  if (!link) return;
  event.preventDefault();
  location.assign(link.href);
}

// Up and down move between the rows of a day; Tab still visits everything in reading order.
function rowKeys() {
  addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const row = event.target.closest?.(".day tbody tr");
    if (!row || event.target.closest(WRITING)) return;
    const links = [...row.parentElement.querySelectorAll(".name a")];
    const here = links.findIndex((link) => row.contains(link));
    const next = links[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
