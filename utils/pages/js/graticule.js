// Meridians and parallels, and their numbers along the edges of the map as on a chart.

import { el } from "./dom.js";

const STEPS = [30, 20, 10, 5, 2, 1, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 20, 1 / 30, 1 / 60, 1 / 120, 1 / 300, 1 / 600]; // degrees: whole minutes, then parts
const LINE_ROOM = 100; // pixels between two lines, at least
const HIGHEST = 85;
const SCALE = 150; // pixels from the left that the scale takes
const CONTROLS = 116; // pixels from the top that the buttons of the map take

function stepFor(span, pixels) {
  return STEPS.findLast((step) => (pixels * step) / span >= LINE_ROOM) ?? STEPS[0];
}

function lines(low, high, step) {
  const first = Math.ceil(low / step), last = Math.floor(high / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/// 70°45′W; seconds of arc where the step needs them.
export function angleText(value, plus, minus, step) {
  const side = value < 0 ? minus : plus;
  const tenths = Math.round(Math.abs(value) * 36000);
  const whole = Math.floor(tenths / 36000);
  const minutes = Math.floor((tenths % 36000) / 600);
  const rest = (tenths % 600) / 10;
  const parts = `${whole}°` + (step < 1 ? `${String(minutes).padStart(2, "0")}′` : "") + (step < 1 / 60 ? `${String(rest).padStart(2, "0")}″` : "");
  return value === 0 ? parts : parts + side;
}

function line(points) {
  return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points } };
}

function wrapped(lon) {
  return ((lon + 180) % 360 + 360) % 360 - 180;
}

class Graticule {
  #map; #edge; #shown = true;

  constructor(map, colour) {
    this.#map = map;
    this.#edge = el("div.edge", { "aria-hidden": "true" });
    map.getContainer().append(this.#edge);
    map.addSource("graticule", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "graticule", type: "line", source: "graticule", paint: { "line-color": colour("--graticule"), "line-width": 1, "line-opacity": 0.4 } });
    map.on("move", () => this.#label());
    map.on("moveend", () => this.draw());
    map.on("resize", () => this.draw());
    this.draw();
  }

  show(shown) {
    this.#shown = shown;
    this.#map.setLayoutProperty("graticule", "visibility", shown ? "visible" : "none");
    this.draw();
  }

  #lines() {
    const bounds = this.#map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), Math.max(bounds.getSouth(), -HIGHEST), bounds.getEast(), Math.min(bounds.getNorth(), HIGHEST)];
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const step = Math.max(stepFor(east - west, clientWidth), stepFor(north - south, clientHeight));
    return { west, south, east, north, step, lons: lines(west, east, step), lats: lines(south, north, step) };
  }

  draw() {
    if (!this.#shown) {
      this.#edge.replaceChildren();
      return;
    }
    const { west, south, east, north, lons, lats } = this.#lines();
    const margin = east - west;
    this.#map.getSource("graticule").setData({ type: "FeatureCollection", features: [
      ...lons.map((lon) => line([[lon, Math.max(-HIGHEST, south - margin)], [lon, Math.min(HIGHEST, north + margin)]])),
      ...lats.map((lat) => line([[west - margin / 2, lat], [west + margin, lat], [east + margin / 2, lat]]))] });
    this.#label();
  }

  /// Numbers stand only where the map is seen from above with north up: elsewhere lines do not meet the edges.
  #label() {
    const map = this.#map;
    if (!this.#shown || map.getPitch() > 1 || Math.abs(map.getBearing()) > 1) {
      this.#edge.replaceChildren();
      return;
    }
    const { north, west, step, lons, lats } = this.#lines();
    const labels = [];
    for (const lon of lons) if (map.project([lon, north]).x > SCALE) labels.push(this.#at("lon", "left", map.project([lon, north]).x, angleText(wrapped(lon), "E", "W", step)));
    for (const lat of lats) if (map.project([west, lat]).y > CONTROLS) labels.push(this.#at("lat", "top", map.project([west, lat]).y, angleText(lat, "N", "S", step)));
    this.#edge.replaceChildren(...labels);
  }

  #at(kind, side, pixels, text) {
    const label = el(`span.${kind}`, {}, text);
    label.style.setProperty(side, `${pixels.toFixed(1)}px`);
    return label;
  }
}

export const addGraticule = (map, colour) => new Graticule(map, colour);
