// Markers of GET /quality/report: steep cliffs, and jumps between sources.

import { el, facts, fill } from "./dom.js";
import { count, distance, fixed, metres } from "./format.js";
import { boxOfMap, common } from "./geometry.js";
import { isAbort, json, Newest } from "./service.js";
import { readSource } from "./sources.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const NAMES = { cliff: "Steep cliff", vdatum_jump: "Jump between sources" };
const COARSEST = 10000; // metres

/// A source beside a jump; the map hands nested properties out as text.
function sideName(text) {
  try {
    const side = readSource(JSON.parse(text));
    return [side.name, side.datum].filter(Boolean).join(", ");
  } catch {
    return null;
  }
}

export class QualityMarkers {
  #map; #library; #says; #newest = new Newest();

  constructor({ map, library }, says) {
    this.#map = map;
    this.#library = library;
    this.#says = says;
    map.addSource("quality", { type: "geojson", data: EMPTY });
    const lines = ["==", ["geometry-type"], "LineString"], points = ["==", ["geometry-type"], "Point"];
    map.addLayer({ id: "quality-under", type: "line", source: "quality", filter: lines, paint: { "line-color": "#ffffff", "line-width": 7, "line-opacity": 0.8 } });
    map.addLayer({ id: "quality-jumps", type: "line", source: "quality", filter: lines, paint: { "line-color": "#ef8a00", "line-width": 4 } });
    map.addLayer({ id: "quality", type: "circle", source: "quality", filter: points, paint: { "circle-radius": 7, "circle-stroke-width": 2, "circle-stroke-color": "#ffffff",
      "circle-color": ["match", ["get", "type"], "cliff", "#c62828", "vdatum_jump", "#ef8a00", "#6a3fa0"] } });
    for (const layer of ["quality", "quality-jumps"]) {
      map.on("click", layer, (event) => this.#tell(event.features[0], event.lngLat));
      map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
    }
  }

  async show(shown, policy) {
    const signal = this.#newest.next();
    const box = shown ? common(boxOfMap(this.#map), policy.bounds) : null;
    this.#says.hidden = !shown;
    if (!box) {
      this.#map.getSource("quality").setData(EMPTY);
      fill(this.#says, el("small", {}, "No part of the policy is in view."));
      return;
    }
    fill(this.#says, el("small", {}, "Looking for cliffs and jumps …"));
    try {
      const [west, south, east, north] = box;
      const report = await json("quality/report", { query: { west, south, east, north, resolution: this.#resolution() }, signal });
      this.#map.getSource("quality").setData(report.features ?? EMPTY);
      fill(this.#says, this.#sums(report));
    } catch (error) {
      if (!isAbort(error)) fill(this.#says, el("p.note.bad", {}, error.message));
    }
  }

  /// About a pixel of the screen, so that a report costs the same at every zoom.
  #resolution() {
    const ground = (2 * Math.PI * 6378137 * Math.cos((this.#map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** this.#map.getZoom());
    return Math.min(Math.max(Number((2 * ground).toPrecision(2)), 1), COARSEST);
  }

  #sums({ stats, features, note }) {
    const jumps = (features?.features ?? []).filter((feature) => feature.properties.type === "vdatum_jump").length;
    return facts([["Markers", count(features?.features?.length ?? 0)], ["of them jumps", count(jumps)],
      ["Steepest", Number.isFinite(stats?.max_slope_deg) ? `${fixed(stats.max_slope_deg, 1)}°` : null],
      ["No data", Number.isFinite(stats?.missing_data_pct) ? `${fixed(stats.missing_data_pct, 1)} %` : null], ["Note", note]]);
  }

  #tell({ properties }, place) {
    const body = el("div.answer", {}, el("h2", {}, NAMES[properties.type] ?? properties.type), facts([
      ["Elevation", Number.isFinite(properties.elevation) ? metres(properties.elevation) : null],
      ["Slope", Number.isFinite(properties.slope) ? `${fixed(properties.slope, 1)}°` : null], ["Step", Number.isFinite(properties.step) ? metres(properties.step) : null],
      ["Jump", Number.isFinite(properties.jump) ? metres(properties.jump) : null], ["From", sideName(properties.lower_source)], ["To", sideName(properties.upper_source)],
      ["Length", Number.isFinite(properties.length) ? distance(properties.length) : null]]));
    new this.#library.Popup({ maxWidth: "none" }).setLngLat(place).setDOMContent(body).addTo(this.#map);
  }
}
