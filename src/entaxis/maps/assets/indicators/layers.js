// The same map to move about in, with structures laid over it. It is loaded when somebody asks for it; the
// drawing and the table stand first and hold the same.
import { loadStyle, pointMark, words } from "../../../directory/assets/find/map.js";
import { markWith } from "../../../directory/assets/find/marks.js";
import { PATTERNS, pictureOf } from "./patterns.js";

const NEAREST = 17; // zoom; structures that still share a mark there share a door

export function offerLayers(root) {
  const holder = root.querySelector("[data-layers]");
  if (!holder) return;
  const button = holder.querySelector("[data-layers-open]");
  holder.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await show(holder);
      button.hidden = true;
    } catch {
      button.disabled = false;
      holder.querySelector("[data-layers-failed]").hidden = false;
    }
  });
}

async function show(holder) {
  const { dataset } = holder;
  let [maplibre, areas] = await Promise.all([
    import(dataset.maplibre),
    areasOf(holder),
    loadStyle(dataset.style),
    loadStyle(dataset.marksStyle),
  ]);
  maplibre.setWorkerUrl(new URL(dataset.worker, location.href).href);
  holder.querySelector("[data-layers-shown]").hidden = false;
  const canvas = holder.querySelector("[data-map-canvas]");
  const map = new maplibre.Map({
    container: canvas,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": "#eaf1f8" } }] },
    locale: words(holder),
    bounds: boundsOf(areas.features),
    fitBoundsOptions: { padding: 24 },
    maxZoom: NEAREST,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.on("load", () => {
    drawAreas(map, areas);
    tellOfAreas(maplibre, map, holder, () => areas);
    layStructures(maplibre, map, holder);
    canvas.querySelector("canvas").setAttribute("aria-label", canvas.dataset.label);
  });
  holder.addEventListener("areas", async () => {
    areas = await areasOf(holder);
    map.getSource("areas")?.setData(areas);
  });
  holder.querySelector("[data-layers-shown]").focus({ preventScroll: true });
}

async function areasOf({ dataset }) {
  const answer = await fetch(dataset.areas);
  if (!answer.ok) throw new Error(`areas: ${answer.status}`);
  return answer.json();
}

function boundsOf(features) {
  const points = features.flatMap(({ geometry }) => geometry?.coordinates.flat(2) ?? []);
  const [xs, ys] = [0, 1].map((part) => points.map((point) => point[part]));
  const least = (numbers) => numbers.reduce((one, other) => Math.min(one, other));
  const most = (numbers) => numbers.reduce((one, other) => Math.max(one, other));
  return [least(xs), least(ys), most(xs), most(ys)];
}

// --- areas ---------------------------------------------------------------------------------------------

function drawAreas(map, data) {
  for (const name of PATTERNS) map.addImage(name, pictureOf(name), { pixelRatio: 2 });
  map.addSource("areas", { type: "geojson", data });
  map.addLayer({ id: "areas", type: "fill", source: "areas", paint: { "fill-color": ["get", "fill"] } });
  for (const name of PATTERNS) {
    map.addLayer({ id: `areas-${name}`, type: "fill", source: "areas", filter: ["in", name, ["get", "patterns"]], paint: { "fill-pattern": name } });
  }
  map.addLayer({ id: "borders", type: "line", source: "areas", paint: { "line-color": "#13233a", "line-width": 1 } });
}

function tellOfAreas(maplibre, map, holder, shown) {
  const popup = new maplibre.Popup({ maxWidth: "18rem", focusAfterOpen: false });
  const tell = (at, { label, url }) => {
    popup.setLngLat(at).setDOMContent(told(label, url, holder.dataset.profile)).addTo(map);
    holder.querySelector("[data-layers-said]").replaceChildren(told(label, url, holder.dataset.profile));
  };
  map.on("click", "areas", (event) => tell(event.lngLat, event.features[0].properties));
  map.on("mouseenter", "areas", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "areas", () => (map.getCanvas().style.cursor = ""));
  holder.querySelector("[data-layers-area]").addEventListener("change", ({ target }) => {
    const area = shown().features.find(({ properties }) => properties.code === target.value);
    if (!area?.geometry) return;
    const box = boundsOf([area]);
    map.fitBounds(box, { padding: 48, maxZoom: 11 });
    tell([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], area.properties);
  });
}

function told(label, url, words) {
  const box = Object.assign(document.createElement("div"), { className: "layers__told" });
  const said = Object.assign(document.createElement("p"), { textContent: label });
  const link = Object.assign(document.createElement("a"), { href: url, textContent: words });
  box.append(said, link);
  return box;
}

// --- structures ----------------------------------------------------------------------------------------

function layStructures(maplibre, map, holder) {
  const empty = { type: "FeatureCollection", features: [] };
  map.addSource("structures", { type: "geojson", data: empty, cluster: true, clusterRadius: 48, clusterMaxZoom: NEAREST });
  // drawn so that the source is computed; what one sees are the buttons
  map.addLayer({ id: "structures", type: "circle", source: "structures", paint: { "circle-radius": 1, "circle-opacity": 0 } });
  const marks = markWith(maplibre, map, holder);
  const drawn = () => map.querySourceFeatures("structures").map((feature) => pointMark(map, feature));
  map.on("render", () => map.isSourceLoaded("structures") && marks.draw(drawn()));
  const known = new Map();
  const boxes = [...holder.querySelectorAll("[data-layer]")];
  let turn = 0;
  const lay = async () => {
    const mine = ++turn;
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    const found = await Promise.all(chosen.map((asked) => pointsOf(holder, asked, known)));
    if (mine !== turn) return; // another choice was made meanwhile
    const features = [...new Map(found.flat().map((one) => [one.properties.id, one])).values()];
    map.getSource("structures").setData({ ...empty, features });
    holder.querySelector("[data-layers-count]").textContent = chosen.length ? holder.dataset.count.replace("0", features.length) : "";
  };
  for (const box of boxes) box.addEventListener("change", lay);
  lay();
}

async function pointsOf(holder, asked, known) {
  if (known.has(asked)) return known.get(asked);
  const [name, key] = asked.split("=");
  const answer = await fetch(holder.dataset.points, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
    body: JSON.stringify({ [name]: key }),
    referrerPolicy: "no-referrer",
  });
  if (!answer.ok) return [];
  const { features } = await answer.json();
  known.set(asked, features);
  return features;
}
