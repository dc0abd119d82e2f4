// A question that the answers before it leave out is hidden while they do. What holds an answer stays in sight.
export function hideLeftOut(root = document) {
  const gated = [...root.querySelectorAll("[data-behind]")];
  for (const form of new Set(gated.map((question) => question.closest("form")))) {
    if (!form) continue;
    const own = gated.filter((question) => form.contains(question));
    const look = () => {
      const given = new FormData(form);
      for (const question of own) question.hidden = isLeftOut(question, given) && !holdsAnswer(question);
    };
    form.addEventListener("input", look);
    look();
  }
}

// "1 2,3": behind two gates; each is closed when all of its answers are none.
const isLeftOut = (question, given) =>
  question.dataset.behind.split(" ").some((gate) => gate.split(",").every((item) => isNone(given.get(`answer_${item}`))));

const isNone = (value) => value !== null && value.trim() !== "" && Number(value) === 0;

const holdsAnswer = (question) =>
  [...question.querySelectorAll("input")].some((input) => (input.type === "radio" ? input.checked : input.value !== ""));
