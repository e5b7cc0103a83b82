// Clusters and structures as buttons over the map, kept in step with the list beside it. Whatever a
// table brought in – a name may hold anything – becomes text, never markup.
const CLOSE_BY = 17; // zoom at which a cluster opens as a list

export function textOf({ name_el, name_en }) {
  return document.documentElement.lang === "el" ? name_el : name_en || name_el;
}

export function markWith(maplibre, map, holder) {
  const shown = new Map();
  const cards = new Map([...document.querySelectorAll("[data-results] > [data-id]")].map((card) => [card.dataset.id, card]));
  const popup = new maplibre.Popup({ offset: 18, maxWidth: "18rem" });
  let opener = null;
  popup.on("close", () => {
    for (const card of cards.values()) card.classList.remove("is-chosen");
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  });

  function open(mark, those, element) {
    popup.remove();
    popup.setLngLat(mark.at).setDOMContent(listOf(those)).addTo(map);
    opener = element;
    map.easeTo({ center: mark.at }); // at the edge its words would be cut off
    for (const { id } of those) cards.get(id)?.classList.add("is-chosen");
  }

  async function press(mark, element) {
    if (mark.those) return open(mark, mark.those, element);
    const zoom = await mark.zoom();
    const inside = zoom > CLOSE_BY || map.getZoom() >= CLOSE_BY ? await mark.inside() : [];
    if (inside.length) return open(mark, inside, element);
    map.once("idle", () => focusNear(mark.at, element));
    map.easeTo({ center: mark.at, zoom: Math.min(zoom, CLOSE_BY) });
  }

  // who opened a cluster by key goes on among what came out of it
  function focusNear(at, pressed) {
    if (pressed.isConnected || document.activeElement !== document.body) return;
    const centre = map.project(at);
    const away = (one) => centre.dist(map.project(one.getLngLat()));
    const near = [...shown.values()].sort((a, b) => away(a) - away(b))[0];
    near?.getElement().focus({ preventScroll: true });
  }

  function made(mark) {
    const element = buttonOf(mark, holder);
    element.addEventListener("click", (event) => {
      event.stopPropagation(); // a click on the map closes what is open
      press(mark, element);
    });
    return new maplibre.Marker({ element }).setLngLat(mark.at).addTo(map);
  }

  for (const [id, card] of cards) {
    const point = (is) => () => shown.get(id)?.getElement().classList.toggle("is-chosen", is);
    for (const event of ["pointerenter", "focusin"]) card.addEventListener(event, point(true));
    for (const event of ["pointerleave", "focusout"]) card.addEventListener(event, point(false));
  }

  function draw(marks) {
    const wanted = new Map(marks.map((mark) => [mark.key, mark]));
    for (const [key, one] of shown) {
      if (!wanted.has(key)) {
        one.remove();
        shown.delete(key);
      }
    }
    for (const [key, mark] of wanted) {
      if (!shown.has(key)) shown.set(key, made(mark));
    }
  }

  return { draw };
}

function buttonOf(mark, { dataset }) {
  const element = Object.assign(document.createElement("button"), { type: "button" });
  if (mark.those) {
    element.className = "find__point";
    element.setAttribute("aria-label", mark.those.map((one) => one.name).join(", "));
  } else {
    element.className = `find__cluster${mark.count > 99 ? " find__cluster--large" : ""}`;
    element.textContent = mark.count.toLocaleString(document.documentElement.lang);
    element.setAttribute("aria-label", dataset.together.replace("0", element.textContent));
  }
  return element;
}

function listOf(those) {
  const list = Object.assign(document.createElement("ul"), { className: "find__popup" });
  for (const { name, url } of those) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href: url, textContent: name }));
    list.append(item);
  }
  return list;
}
