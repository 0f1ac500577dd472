// Web Mercator tiles and distances on the sphere, for what pages show; the service computes what counts.

const RADIUS = 6371008.8; // metres, mean
const radians = (degrees) => (degrees * Math.PI) / 180;
export const HIGHEST = 85.0511287798066;

/// Longitudes run on across the antimeridian; a tile's column does not.
export function wrapLon(lon) {
  return ((lon + 180) % 360 + 360) % 360 - 180;
}

export function tileAt(lat, lon, z) {
  const side = 2 ** z;
  const clamp = (value) => Math.min(Math.max(Math.floor(value), 0), side - 1);
  const y = (1 - Math.asinh(Math.tan(radians(Math.min(Math.max(lat, -HIGHEST), HIGHEST)))) / Math.PI) / 2;
  return { z, x: clamp(((wrapLon(lon) + 180) / 360) * side), y: clamp(y * side) };
}

/// Tiles of a box in the deepest zoom that needs no more than `most`.
export function coveringTiles([west, south, east, north], deepest, most) {
  for (let z = deepest; z >= 0; --z) {
    const a = tileAt(north, west, z), b = tileAt(south, east, z);
    if (b.x < a.x || (b.x - a.x + 1) * (b.y - a.y + 1) > most) continue;
    const tiles = [];
    for (let y = a.y; y <= b.y; ++y) for (let x = a.x; x <= b.x; ++x) tiles.push({ z, x, y });
    return tiles;
  }
  return [{ z: 0, x: 0, y: 0 }];
}

/// Metres between two [lon, lat].
export function metresBetween([lon1, lat1], [lon2, lat2]) {
  const a = Math.sin(radians(lat2 - lat1) / 2) ** 2 + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(a)));
}

/// The part of two boxes that they share, null without any.
export function common([w1, s1, e1, n1], [w2, s2, e2, n2]) {
  const box = [Math.max(w1, w2), Math.max(s1, s2), Math.min(e1, e2), Math.min(n1, n2)];
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

export function ring([west, south, east, north]) {
  return [[west, south], [east, south], [east, north], [west, north], [west, south]];
}

export function boxOfMap(map) {
  const bounds = map.getBounds();
  return [Math.max(bounds.getWest(), -180), Math.max(bounds.getSouth(), -HIGHEST), Math.min(bounds.getEast(), 180), Math.min(bounds.getNorth(), HIGHEST)];
}
