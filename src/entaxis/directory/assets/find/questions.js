// "Is it for me?": compares the answers with each structure's rules, here in the browser. Nothing
// is sent or kept. A service is probably for somebody when no required rule speaks against them and
// every one of them is answered; a structure is as near as its nearest service.
const ORDER = ["probably", "ask", "not"];

export function sortByAnswers(root) {
  const questions = root.querySelector("[data-questions]");
  const list = root.querySelector("[data-results]");
  const data = root.getElementById("rules");
  if (!questions || !list || !data) return;
  const rules = JSON.parse(data.textContent);
  const items = [...list.children];
  questions.hidden = false;
  questions.addEventListener("change", () => {
    const answers = read(questions);
    const asked = Object.keys(answers).length > 0;
    const judged = items.map((item, place) => ({ item, place, ...judge(rules[item.dataset.id] ?? [], answers) }));
    if (asked) judged.sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || a.place - b.place);
    for (const { item, verdict, why } of judged) {
      list.append(item);
      const line = item.querySelector("[data-verdict]");
      line.hidden = !asked;
      line.textContent = list.dataset[verdict] + (why.length ? ` – ${why.join("; ")}` : "");
    }
  });
}

function read(questions) {
  const answers = {};
  for (const select of questions.querySelectorAll("select")) {
    if (select.value) answers[select.dataset.aspect] = select.value;
  }
  return answers;
}

export function judge(offers, answers) {
  if (!offers.length) return { verdict: "ask", why: [] };
  const judged = offers.map((offer) => judgeOffer(offer, answers));
  return judged.reduce((best, one) => (ORDER.indexOf(one.verdict) < ORDER.indexOf(best.verdict) ? one : best));
}

function judgeOffer(offer, answers) {
  const required = offer.filter((rule) => rule.required);
  const against = required.filter((rule) => fits(rule, answers) === false);
  if (against.length) return { verdict: "not", why: against.map((rule) => rule.text) };
  const open = required.filter((rule) => fits(rule, answers) === undefined);
  if (open.length) return { verdict: "ask", why: open.map((rule) => rule.text) };
  return { verdict: required.length ? "probably" : "ask", why: [] };
}

// true, false, or undefined where the answers do not tell
export function fits(rule, answers) {
  const answer = answers[rule.aspect];
  if (!answer) return undefined;
  if (rule.aspect !== "age") return rule.values.includes(answer);
  const [from, to] = answer.split("-").map(Number);
  const low = rule.from ?? 0;
  const high = rule.to ?? 200;
  if (to < low || from > high) return false;
  return from >= low && to <= high ? true : undefined;
}
