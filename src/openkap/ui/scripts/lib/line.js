// A line from one end to the other beside its number: either moves the other, the number is what is sent.
export function followLines(root = document) {
  for (const line of root.querySelectorAll("[data-line]")) {
    const number = document.getElementById(line.dataset.line);
    if (!number) continue;
    line.hidden = false;
    line.addEventListener("input", () => (number.value = line.value));
    number.addEventListener("input", () => number.value !== "" && (line.value = number.value.replace(",", ".")));
  }
}
