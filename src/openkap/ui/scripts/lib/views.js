// Chart or table: one tap, or "t" on a keyboard. Decided here: the choice stands on the part that is never swapped,
// so that a refresh keeps it; without this script the two links load the page either way.
export function switchViews() {
  const main = document.getElementById("main");
  if (!document.querySelector("[data-views]")) return;
  const show = (view) => {
    main.classList.toggle("show-table", view === "table");
    mark(view);
  };
  main.addEventListener("click", (event) => {
    const link = event.target.closest("[data-view]");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    show(link.dataset.view);
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, dialog")) return;
    show(main.classList.contains("show-table") ? "chart" : "table");
  });
  document.body.addEventListener("htmx:afterSwap", () => mark(main.classList.contains("show-table") ? "table" : "chart"));
}

function mark(view) {
  document.querySelectorAll("[data-view]").forEach((link) => {
    if (link.dataset.view === view) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
}
