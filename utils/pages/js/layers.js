// The layers of our tiles, from the bottom: the style, the relief, the contours; and the ground in 3D.

import { tileSource } from "./base_map.js";

const BELOW = "graticule";

export class Layers {
  #map; #facts; #edition = 0;

  constructor(map, facts) {
    this.#map = map;
    this.#facts = facts;
  }

  /// {style, opacity 0..1, shade, contours, exaggeration (0: flat)}
  apply({ style, opacity = 1, shade = false, contours = false, exaggeration = 0 }) {
    this.#put("picture", style, opacity);
    this.#put("shade", shade ? "shade" : null, 1);
    this.#put("contours", contours ? "contours" : null, 1);
    this.#raise(exaggeration);
  }

  /// Asks for all tiles again: another policy, or the service is back.
  refresh(facts) {
    this.#facts = facts ?? this.#facts;
    ++this.#edition;
  }

  #put(id, look, opacity) {
    const map = this.#map;
    const wanted = look && `${look} ${this.#edition}`;
    const held = map.getSource(id)?.wanted ?? null;
    if (held !== wanted) {
      if (map.getLayer(id)) map.removeLayer(id);
      if (map.getSource(id)) map.removeSource(id);
      if (!look) return;
      map.addSource(id, tileSource(look, this.#facts, this.#edition));
      map.getSource(id).wanted = wanted;
      map.addLayer({ id, type: "raster", source: id, paint: { "raster-fade-duration": 0, "raster-opacity": opacity } }, this.#above(id));
    } else if (look) {
      map.setPaintProperty(id, "raster-opacity", opacity);
    }
  }

  #above(id) {
    const order = ["picture", "shade", "contours"];
    return order.slice(order.indexOf(id) + 1).find((other) => this.#map.getLayer(other)) ?? BELOW;
  }

  #raise(exaggeration) {
    const map = this.#map;
    if (exaggeration && !map.getSource("ground-heights")) map.addSource("ground-heights", tileSource("terrarium", this.#facts, this.#edition));
    if ((map.getTerrain()?.exaggeration ?? 0) !== exaggeration) map.setTerrain(exaggeration ? { source: "ground-heights", exaggeration } : null);
  }
}
