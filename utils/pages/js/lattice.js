// The cells of a box, as docs/architecture.md (Geometry) says them: for the estimate and for the picture of a job's progress.

import { HIGHEST } from "./geometry.js";

const METRES_A_DEGREE = 111320;
const DEGREE_CELL = 0.05;
const WORLD = 2 * Math.PI * 6378137; // metres, of web Mercator
const CELL_PIXELS = 512;
const SLACK = 1e-6; // pixels: an edge this near to a cell's is on it
const BYTES_A_PIXEL = 12; // elevation, uncertainty and source, before they are packed

/// Lattices know `pixels` (a cell's side), `edge` (of a cell, in units of x and y), and units of degrees.
function degreeLattice(resolution) {
  const pixels = (power) => Math.round((DEGREE_CELL * 2 ** power * METRES_A_DEGREE) / resolution);
  let best = null;
  for (let power = -30; power < 13; ++power)
    if (pixels(power) >= 64 && pixels(power) <= 1024 && (best === null || Math.abs(power) < Math.abs(best))) best = power;
  if (best === null) return null;
  const same = (degrees) => degrees;
  return { pixels: pixels(best), edge: DEGREE_CELL * 2 ** best, x: same, y: same, lon: same, lat: same };
}

function mercatorLattice(zoom) {
  const pixel = WORLD / (256 * 2 ** zoom);
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const clamp = (lat) => Math.min(Math.max(lat, -HIGHEST), HIGHEST);
  return {
    pixels: CELL_PIXELS, edge: CELL_PIXELS * pixel,
    x: (lon) => (lon / 360) * WORLD, lon: (x) => (x / WORLD) * 360,
    y: (lat) => (Math.asinh(Math.tan(radians(clamp(lat)))) / (2 * Math.PI)) * WORLD,
    lat: (y) => (Math.atan(Math.sinh((y / WORLD) * 2 * Math.PI)) * 180) / Math.PI,
  };
}

/// The lattice of an order: cells of web tiles by zoom, else of degrees; null where it has no cell size for that resolution.
export function latticeOf({ zoom, resolution }) {
  return Number.isInteger(zoom) ? mercatorLattice(zoom) : degreeLattice(resolution);
}

/// Columns and rows (from the origin, rows southward) that a box covers, and how many. East below west crosses the antimeridian.
export function cellsOf(lattice, [west, south, east, north]) {
  const { edge, pixels, x, y } = lattice;
  const slack = SLACK / pixels;
  const beyond = east < west ? east + 360 : east;
  const first = Math.floor(x(west) / edge + slack), last = Math.ceil(x(beyond) / edge - slack);
  const top = Math.floor(-y(north) / edge + slack), bottom = Math.ceil(-y(south) / edge - slack);
  return { first, top, columns: Math.max(0, last - first), rows: Math.max(0, bottom - top) };
}

/// {cells, pixels, bytes}: bytes before they are packed.
export function estimate(lattice, box) {
  const { columns, rows } = cellsOf(lattice, box);
  const cells = columns * rows;
  const pixels = cells * lattice.pixels ** 2;
  return { cells, pixels, bytes: pixels * BYTES_A_PIXEL };
}

/// Box in degrees of the n-th cell in the order of work, row by row from the north-west.
export function cellBox(lattice, { first, top, columns }, number) {
  const { edge, lon, lat } = lattice;
  const column = first + (number % columns), row = top + Math.floor(number / columns);
  return [lon(column * edge), lat(-(row + 1) * edge), lon((column + 1) * edge), lat(-row * edge)];
}

/// What cells that are stored take, a pixel: of the levels of the cache's detail whose cells' size is known; null of none.
export function bytesAPixel(levels) {
  let bytes = 0, pixels = 0;
  for (const level of levels) {
    const side = Number.isInteger(level.zoom) ? CELL_PIXELS : level.crs === "EPSG:4326" ? degreeLattice(level.resolution_m)?.pixels : null;
    if (!side) continue;
    bytes += level.bytes;
    pixels += level.count * side ** 2;
  }
  return pixels > 0 ? bytes / pixels : null;
}
