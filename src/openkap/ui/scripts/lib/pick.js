// A long list of boxes to tick. Decided here: a find box leaves only what holds the word; what is ticked is never hidden.
export function pickFrom(root = document) {
  for (const list of root.querySelectorAll("[data-pick]")) {
    const box = list.querySelector("[data-pick-find]");
    const count = list.querySelector("[data-pick-count]");
    const rows = [...list.querySelectorAll(".pick-from label")];
    list.querySelector("[data-pick-field]").hidden = false;
    box.addEventListener("input", () => {
      const words = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const said = row.textContent.toLowerCase();
        row.hidden = !row.querySelector("input").checked && !words.every((word) => said.includes(word));
      }
      count.textContent = words.length ? count.dataset.words.replace("N", rows.filter((row) => !row.hidden).length) : "";
    });
    // Enter looks, it does not publish.
    box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
}
