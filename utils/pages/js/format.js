// Numbers and times as people read them.

const FEET = 1 / 0.3048; // international feet

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
export const count = (number) => (Number.isFinite(number) ? grouped.format(number) : "?");

export const metres = (value, digits = 2) => `${fixed(value, digits)} m`;
export const feet = (value, digits = 1) => `${fixed(value * FEET, digits)} ft`;

/// A true minus, and no "-0.00".
export function fixed(value, digits) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

export function bytes(value) {
  if (!Number.isFinite(value)) return "?";
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const step = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  const scaled = value / 1024 ** step;
  return `${step === 0 || scaled >= 100 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[step]}`;
}

export function percent(share) {
  if (!Number.isFinite(share)) return "?";
  return share > 0 && share < 0.001 ? "< 0.1 %" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

export const degrees = (value) => value.toFixed(5);

/// 42.99000 N, 70.75000 W
export function place(lat, lon) {
  const side = (value, plus, minus) => `${Math.abs(value).toFixed(5)}° ${value < 0 ? minus : plus}`;
  return `${side(lat, "N", "S")}, ${side(lon, "E", "W")}`;
}

export function distance(value) {
  return value < 1000 ? `${value.toFixed(0)} m` : `${(value / 1000).toFixed(value < 10000 ? 2 : 1)} km`;
}

export function seconds(value) {
  if (!Number.isFinite(value)) return "?";
  if (value < 90) return `${Math.max(0, Math.round(value))} s`;
  return value < 5400 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
}

/// A UTC time of the service, in the reader's zone.
export function time(text) {
  const when = new Date(text ?? NaN);
  if (Number.isNaN(when.getTime())) return "";
  return when.toLocaleString("en-GB", { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
}

/// Dates of a survey: one, or a range.
export function dates(start, end) {
  if (start && end && start !== end) return `${start} to ${end}`;
  return start || end || null;
}
