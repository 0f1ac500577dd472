// Where the cells of a policy lie: the outline of each of its lattices.

import { ring } from "./geometry.js";

const COLOURS = ["#0a66a3", "#b0261d", "#17744a", "#8a5a00", "#6a3fa0", "#00767f"];
const HIGHEST = 85;

export class CoverageMap {
  #map;

  static colour(index) {
    return COLOURS[Math.max(index, 0) % COLOURS.length];
  }

  constructor(map) {
    this.#map = map;
    map.addSource("coverage", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "coverage", type: "fill", source: "coverage", paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.14 } });
    map.addLayer({ id: "coverage-line", type: "line", source: "coverage", paint: { "line-color": ["get", "colour"], "line-width": 2 } });
  }

  /// Shows a policy of the cache's detail (undefined: none). Returns what to say of it.
  show(policy, index) {
    const levels = (policy?.levels ?? []).filter((level) => Array.isArray(level.bbox) && level.bbox.every(Number.isFinite));
    const features = levels.map((level) => ({ type: "Feature", properties: { colour: CoverageMap.colour(index) }, geometry: { type: "Polygon", coordinates: [ring(level.bbox)] } }));
    this.#map.getSource("coverage").setData({ type: "FeatureCollection", features });
    if (!policy) return "";
    if (!levels.length) return `Where cells of ${policy.policy_name ?? policy.policy_hash} lie is not known.`;
    const whole = [0, 1, 2, 3].map((edge) => (edge < 2 ? Math.min : Math.max)(...levels.map((level) => level.bbox[edge])));
    const [west, south, east, north] = [whole[0], Math.max(whole[1], -HIGHEST), whole[2], Math.min(whole[3], HIGHEST)];
    this.#map.fitBounds([west, south, east, north], { padding: 40, animate: false });
    return `${policy.policy_name ?? policy.policy_hash}: ${whole.map((edge) => edge.toFixed(3)).join(", ")} (west, south, east, north); one outline a size of pixels.`;
  }
}
