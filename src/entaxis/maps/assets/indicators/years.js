// A slider beside the links to the periods: it fetches the page of the other period and puts its parts in
// the place of those that stand here. The words are a live region, so they are read out.
export function slideThroughYears(root) {
  const box = root.querySelector("[data-years]");
  const links = box ? [...box.querySelectorAll("a")].map((link) => ({ key: link.textContent.trim(), href: link.href })) : [];
  if (links.length < 2) return;
  const { slider, say } = made(box, links);
  const show = shower(root);
  slider.addEventListener("input", say);
  slider.addEventListener("change", () => show(links[slider.value].href, true));
  addEventListener("popstate", () => {
    const shown = links.findIndex(({ href }) => periodOf(href) === periodOf(location.href));
    slider.value = shown < 0 ? links.length - 1 : shown;
    say();
    show(location.href, false);
  });
}

function periodOf(address) {
  return new URL(address).searchParams.get("period");
}

function made(box, links) {
  const shown = box.querySelector("[aria-current]")?.textContent.trim();
  const slider = Object.assign(document.createElement("input"), { type: "range", id: "year-slider", min: 0, max: links.length - 1, step: 1 });
  slider.value = Math.max(0, links.findIndex(({ key }) => key === shown));
  const label = Object.assign(document.createElement("label"), { htmlFor: slider.id, textContent: box.dataset.label });
  const output = Object.assign(document.createElement("output"), { htmlFor: slider.id, className: "years__shown" });
  const say = () => {
    const { key } = links[slider.value];
    output.textContent = key;
    slider.setAttribute("aria-valuetext", key);
  };
  say();
  const line = Object.assign(document.createElement("p"), { className: "years__slider" });
  line.append(label, slider, output);
  box.append(line);
  return { slider, say };
}

function shower(root) {
  let asking = null;
  return async (address, isNew) => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, signal });
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      replace(root, fresh);
      if (isNew) history.pushState(null, "", address);
    } catch {
      if (!signal.aborted) location.assign(address); // the page itself says what is the matter
    }
  };
}

function replace(root, fresh) {
  for (const part of root.querySelectorAll("[data-of-year]")) {
    const other = fresh.querySelector(`[data-of-year="${part.dataset.ofYear}"]`);
    part.replaceChildren(...(other?.childNodes ?? []));
  }
  root.title = fresh.title;
  const layers = root.querySelector("[data-layers]");
  const next = fresh.querySelector("[data-layers]");
  if (!layers || !next) return;
  layers.dataset.areas = next.dataset.areas;
  layers.dispatchEvent(new CustomEvent("areas"));
}
