// The state of a page in the part of its address behind "#": a link shows the same to somebody else.

export function readHash() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

/// Names without a value are left out. The history does not grow.
export function writeHash(state) {
  const kept = Object.entries(state).filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false);
  const text = kept.map(([name, value]) => `${name}=${encodeURIComponent(value === true ? 1 : value).replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3B", ";")}`).join("&");
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

/// Finite numbers of "a/b/c" or "a,b,c"; null where there are not `length` of them.
export function numbers(text, length) {
  const values = (text ?? "").split(/[/,]/).map((part) => (part.trim() === "" ? NaN : Number(part)));
  return values.length === length && values.every(Number.isFinite) ? values : null;
}

/// zoom/lat/lon[/bearing/pitch] of a map; null if there is none, or none on this world.
export function readView(text) {
  const parts = (text ?? "").split("/").length;
  const values = numbers(text, parts === 5 ? 5 : 3);
  if (!values || Math.abs(values[1]) > 86 || Math.abs(values[2]) > 540 || values[0] < 0 || values[0] > 24) return null;
  const [zoom, lat, lon, bearing = 0, pitch = 0] = values;
  return { zoom, center: [lon, lat], bearing, pitch };
}

export function viewText(map) {
  const { lng, lat } = map.getCenter();
  const turned = map.getBearing() !== 0 || map.getPitch() !== 0;
  const rest = turned ? `/${map.getBearing().toFixed(1)}/${map.getPitch().toFixed(1)}` : "";
  return `${map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}${rest}`;
}
