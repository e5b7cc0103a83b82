// The map of the results, loaded when somebody asks for it. Few results come as points of the same
// search; all structures of a large region come as tiles, the same for everybody: what was searched for
// is in no address. Clusters and structures are buttons; the list holds the same.
import { markWith, textOf } from "./marks.js";

const GREECE = [19.2, 34.7, 29.8, 41.8];
const NEAREST = 17; // zoom; structures that still share a mark there share a door
const LAST_TILES = 16;
const MOST_NAMES = 50;

export function offerMap(root) {
  const holder = root.querySelector("[data-map]");
  const asked = root.getElementById("asked");
  if (!holder || !asked) return;
  const button = holder.querySelector("[data-map-open]");
  holder.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await show(holder, JSON.parse(asked.textContent));
      button.hidden = true;
    } catch {
      button.disabled = false;
      holder.querySelector("[data-map-failed]").hidden = false;
    }
  });
}

async function show(holder, asked) {
  const [maplibre, source] = await Promise.all([
    import(holder.dataset.maplibre),
    holder.dataset.structureTiles ? tilesOf(holder, asked) : pointsOf(holder, asked),
    loadStyle(holder.dataset.style),
  ]);
  maplibre.setWorkerUrl(new URL(holder.dataset.worker, location.href).href);
  holder.querySelector("[data-map-shown]").hidden = false;
  const canvas = holder.querySelector("[data-map-canvas]");
  const map = new maplibre.Map({
    container: canvas,
    style: style(holder.dataset.tiles),
    locale: words(holder),
    bounds: source.bounds,
    fitBoundsOptions: { padding: 40, maxZoom: 13 },
    maxZoom: NEAREST,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.on("load", () => {
    map.addSource("structures", source.definition);
    // drawn so that the source is computed; what one sees are the buttons
    const layer = source.definition.type === "vector" ? { "source-layer": "structures" } : {};
    map.addLayer({ id: "structures", type: "circle", source: "structures", ...layer, paint: { "circle-radius": 1, "circle-opacity": 0 } });
    const marks = markWith(maplibre, map, holder);
    map.on("render", () => map.isSourceLoaded("structures") && marks.draw(source.marks(map)));
    canvas.querySelector("canvas").setAttribute("aria-label", canvas.dataset.label);
  });
  canvas.querySelector("canvas").focus({ preventScroll: true });
}

export function words({ dataset }) {
  return {
    "NavigationControl.ZoomIn": dataset.zoomIn,
    "NavigationControl.ZoomOut": dataset.zoomOut,
    "Popup.Close": dataset.close,
    "CooperativeGesturesHandler.MobileHelpText": dataset.twoFingers,
  };
}

// --- points of the search ---------------------------------------------------------------------------

async function pointsOf(holder, asked) {
  const answer = await fetch(holder.dataset.points, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
    body: JSON.stringify(asked),
    referrerPolicy: "no-referrer",
  });
  if (!answer.ok) throw new Error(`points: ${answer.status}`);
  const data = await answer.json();
  holder.querySelector("[data-map-cut]").hidden = data.is_whole;
  return {
    definition: { type: "geojson", data, cluster: true, clusterRadius: 56, clusterMaxZoom: NEAREST },
    bounds: boundsOf(data),
    marks: (map) => map.querySourceFeatures("structures").map((feature) => pointMark(map, feature)),
  };
}

export function pointMark(map, { geometry, properties }) {
  const at = geometry.coordinates;
  const { cluster, cluster_id: number, point_count: count } = properties;
  if (!cluster) return { key: properties.id, at, those: [properties] };
  const source = map.getSource("structures");
  return {
    key: `cluster-${number}`,
    at,
    count,
    zoom: () => source.getClusterExpansionZoom(number),
    inside: async () => (await source.getClusterLeaves(number, MOST_NAMES, 0)).map((one) => one.properties),
  };
}

function boundsOf({ features }) {
  if (!features.length) return GREECE;
  const xs = features.map((one) => one.geometry.coordinates[0]);
  const ys = features.map((one) => one.geometry.coordinates[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

// --- all structures, as tiles ------------------------------------------------------------------------

function tilesOf(holder, { kind }) {
  const page = holder.dataset.structurePage;
  const whole = (one) => ({ ...one, name: textOf(one), url: page.replace(/0{8}-[0-]+/, one.id) });
  return {
    definition: { type: "vector", tiles: [template(holder.dataset.structureTiles)], maxzoom: LAST_TILES },
    bounds: JSON.parse(holder.dataset.bounds),
    marks: (map) =>
      map
        .querySourceFeatures("structures", { sourceLayer: "structures" })
        .map((feature) => tileMark(map, feature, kind, whole))
        .filter(Boolean),
  };
}

function tileMark(map, { geometry, properties }, kind, whole) {
  const at = geometry.coordinates;
  if (properties.id) {
    return !kind || properties.kind === kind ? { key: properties.id, at, those: [whole(properties)] } : null;
  }
  const count = kind ? properties[`kind_${kind}`] : properties.count;
  if (!count) return null;
  const those = properties.those && JSON.parse(properties.those).filter((one) => !kind || one.kind === kind).map(whole);
  const key = `${at.map((part) => part.toFixed(5))}-${count}`;
  if (those?.length === 1) return { key: those[0].id, at, those };
  return { key, at, count, zoom: async () => map.getZoom() + 2, inside: async () => those ?? [] };
}

// --- what lies under the marks -------------------------------------------------------------------------

function template(address) {
  return new URL(address, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

export function loadStyle(href) {
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
}

function style(tiles) {
  const outlines = { source: "areas", "source-layer": "municipalities" };
  return {
    version: 8,
    sources: tiles ? { areas: { type: "vector", tiles: [template(tiles)], maxzoom: 14 } } : {},
    layers: [
      { id: "ground", type: "background", paint: { "background-color": "#eaf1f8" } },
      ...(tiles
        ? [
            { id: "areas", type: "fill", ...outlines, paint: { "fill-color": "#ffffff" } },
            { id: "lines", type: "line", ...outlines, paint: { "line-color": "#8ca0b8", "line-width": 1 } },
          ]
        : []),
    ],
  };
}
