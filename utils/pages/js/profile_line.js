// The line of a profile on the map: clicks add points, a double click or Enter ends it, Escape gives it up.

const EMPTY = { type: "FeatureCollection", features: [] };

function features(points) {
  const corners = points.map((point) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: point } }));
  return points.length < 2 ? corners : [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points } }, ...corners];
}

export class ProfileLine {
  #map; #points = []; #drawing = false; #done; #told;

  /// `done(points)` gets a finished line, `told(drawing, points)` every change.
  constructor(map, { done, told }) {
    this.#map = map;
    this.#done = done;
    this.#told = told;
    map.addSource("line", { type: "geojson", data: EMPTY });
    map.addSource("line-spot", { type: "geojson", data: EMPTY });
    map.addLayer({ id: "line-under", type: "line", source: "line", paint: { "line-color": "#ffffff", "line-width": 5, "line-opacity": 0.8 } });
    map.addLayer({ id: "line", type: "line", source: "line", paint: { "line-color": "#d0342c", "line-width": 2.5 } });
    for (const [id, radius] of [["line", 4], ["line-spot", 6]])
      map.addLayer({ id: `${id}-points`, type: "circle", source: id, filter: ["==", ["geometry-type"], "Point"],
        paint: { "circle-radius": radius, "circle-color": "#ffffff", "circle-stroke-color": "#d0342c", "circle-stroke-width": 2.5 } });
    map.on("dblclick", (event) => { if (this.#drawing) { event.preventDefault(); this.finish(); } });
    map.on("mousemove", (event) => { if (this.#drawing && this.#points.length) this.#show([...this.#points, event.lngLat.toArray()]); });
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  get drawing() { return this.#drawing; }
  get points() { return this.#points; }

  start() {
    this.#drawing = true;
    this.#set([]);
    this.#map.getCanvas().focus();
  }

  /// A line that is known: of the address, or across the view.
  take(points) {
    this.#drawing = false;
    this.#set(points);
    if (points.length > 1) this.#done(points);
  }

  /// The second click of a double click comes here too, at the same place: it is no point.
  add(point) {
    const last = this.#points.at(-1);
    if (last && this.#map.project(last).dist(this.#map.project(point)) < 4) return;
    this.#set([...this.#points, point]);
  }

  finish() {
    if (this.#drawing) this.take(this.#points.length > 1 ? this.#points : []);
  }

  clear() {
    this.#drawing = false;
    this.#set([]);
    this.spot(null);
  }

  /// Where the reader points at in the diagram.
  spot(point) {
    this.#map.getSource("line-spot").setData({ ...EMPTY, features: point ? features([point]) : [] });
  }

  #set(points) {
    this.#points = points;
    this.#show(points);
    this.#told(this.#drawing, points);
  }

  #show(points) {
    this.#map.getSource("line").setData({ ...EMPTY, features: features(points) });
  }

  #key(event) {
    if (!this.#drawing) return;
    if (event.key === "Escape") this.clear();
    if (event.key !== "Enter" || event.target !== this.#map.getCanvas()) return;
    event.preventDefault();
    if (event.shiftKey) this.add(this.#map.getCenter().toArray());
    else this.finish();
  }
}
