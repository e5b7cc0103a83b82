// The map of the results, loaded when somebody asks for it: the outlines are our own tiles, the
// points come from the same search. Clusters and points are buttons; the list holds the same.
const GREECE = [19.2, 34.7, 29.8, 41.8];

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
      holder.querySelector("[data-map-failed]").hidden = false;
    }
  });
}

async function show(holder, asked) {
  const canvas = holder.querySelector("[data-map-canvas]");
  const [maplibre, points] = await Promise.all([
    import(holder.dataset.maplibre),
    fetchPoints(holder.dataset.points, asked),
    loadStyle(holder.dataset.style),
  ]);
  maplibre.setWorkerUrl(new URL(holder.dataset.worker, location.href).href);
  canvas.hidden = false;
  const map = new maplibre.Map({
    container: canvas,
    style: style(holder.dataset.tiles),
    bounds: boundsOf(points),
    fitBoundsOptions: { padding: 40, maxZoom: 13 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.on("load", () => addPoints(maplibre, map, points));
}

async function fetchPoints(address, asked) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
    referrerPolicy: "no-referrer",
  });
  if (!answer.ok) throw new Error(`points: ${answer.status}`);
  return answer.json();
}

function loadStyle(href) {
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
}

function style(tiles) {
  const sources = tiles ? { areas: { type: "vector", tiles: [new URL(tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")], maxzoom: 14 } } : {};
  const outlines = { source: "areas", "source-layer": "municipalities" };
  return {
    version: 8,
    sources,
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

function boundsOf({ features }) {
  if (!features.length) return GREECE;
  const xs = features.map((one) => one.geometry.coordinates[0]);
  const ys = features.map((one) => one.geometry.coordinates[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function addPoints(maplibre, map, points) {
  map.addSource("structures", { type: "geojson", data: points, cluster: true, clusterRadius: 48, clusterMaxZoom: 15 });
  // drawn so that the source is computed; what one sees are the buttons
  map.addLayer({ id: "structures", type: "circle", source: "structures", paint: { "circle-radius": 1, "circle-opacity": 0 } });
  const shown = new Map();
  const draw = () => drawMarkers(maplibre, map, shown);
  map.on("render", () => map.isSourceLoaded("structures") && draw());
}

function drawMarkers(maplibre, map, shown) {
  const wanted = new Map();
  for (const feature of map.querySourceFeatures("structures")) {
    const { cluster, cluster_id: cluster_id, id } = feature.properties;
    const key = cluster ? `cluster-${cluster_id}` : id;
    wanted.set(key, shown.get(key) ?? marker(maplibre, map, feature).addTo(map));
  }
  for (const [key, one] of shown) {
    if (!wanted.has(key)) {
      one.remove();
      shown.delete(key);
    }
  }
  for (const [key, one] of wanted) shown.set(key, one);
}

function marker(maplibre, map, feature) {
  const at = feature.geometry.coordinates;
  const { cluster, cluster_id: cluster_id, point_count: count, name, url } = feature.properties;
  if (cluster) {
    const element = Object.assign(document.createElement("button"), { type: "button", className: "find__cluster", textContent: count });
    element.addEventListener("click", async () => {
      const zoom = await map.getSource("structures").getClusterExpansionZoom(cluster_id);
      map.easeTo({ center: at, zoom });
    });
    return new maplibre.Marker({ element }).setLngLat(at);
  }
  const link = Object.assign(document.createElement("a"), { href: url, textContent: name });
  const popup = new maplibre.Popup({ offset: 28 }).setDOMContent(link);
  const one = new maplibre.Marker({ color: "#003375" }).setLngLat(at).setPopup(popup);
  one.getElement().setAttribute("aria-label", name);
  return one;
}
