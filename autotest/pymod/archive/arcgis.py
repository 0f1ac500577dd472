"""An ArcGIS feature layer's `query`: envelopes, where clauses, pages, counts, and errors with status 200."""

import json
import re

from osgeo import osr

import sample_formats

from .messages import as_json

MERCATOR = 3857


class FeatureLayer:
    """`features`: dicts with "attributes" and "box" (degrees). `path` of the layer, without "/query"."""

    def __init__(self, path, fields, features, key="OBJECTID"):
        self._path, self._fields, self._features, self._key = path, fields, features, key
        self.page = 2000  # maxRecordCount; tests make it small
        to_mercator = _transformation(4326, MERCATOR)
        self._boxes = [to_mercator.TransformBounds(*feature["box"], 21) for feature in features]

    def answer(self, request):
        path = request.path.rstrip("/")
        if path == self._path:
            return as_json({"currentVersion": 11.2, "id": 0, "name": "surveys", "maxRecordCount": self.page,
                            "fields": list(self._fields.values()), "geometryType": "esriGeometryPolygon"})
        if path != f"{self._path}/query":
            return _error(404, "Service not found")
        try:
            return self._query(request.parameters)
        except (ValueError, KeyError, json.JSONDecodeError) as error:
            return _error(400, f"Cannot perform query. Invalid query parameters. {error}")

    def _query(self, parameters):
        if parameters.get("f", "html") not in ("json", "pjson"):
            return _error(400, "Only f=json is played here")
        box = _envelope(parameters)
        keep = _where(parameters.get("where", ""))
        found = [feature for feature, own in zip(self._features, self._boxes)
                 if keep(feature["attributes"]) and (box is None or _touches(box, own))]
        if parameters.get("returnCountOnly") == "true":
            return as_json({"count": len(found)})
        _order(found, parameters.get("orderByFields", self._key))
        first = int(parameters.get("resultOffset", 0))
        count = min(int(parameters.get("resultRecordCount", self.page)), self.page)
        page = found[first:first + count]
        names = self._names(parameters.get("outFields", self._key))
        body = {"objectIdFieldName": self._key, "uniqueIdField": {"name": self._key, "isSystemMaintained": True},
                "globalIdFieldName": "", "fields": [self._fields[name] for name in names],
                "features": [self._feature(feature, names, parameters) for feature in page]}
        if len(found) > first + count:
            body["exceededTransferLimit"] = True
        return as_json(body, content_type="application/json;charset=utf-8")

    def _names(self, text):
        names = list(self._fields) if text == "*" else [name.strip() for name in text.split(",")]
        unknown = [name for name in names if name not in self._fields]
        if unknown:
            raise ValueError(f"'outFields' parameter is invalid: {unknown[0]}")
        return names

    @staticmethod
    def _feature(feature, names, parameters):
        row = {"attributes": {name: feature["attributes"].get(name) for name in names}}
        if parameters.get("returnGeometry", "true") == "true":
            number = _wkid(parameters.get("outSR", str(MERCATOR)))
            west, south, east, north = _transformation(4326, number).TransformBounds(*feature["box"], 21)
            row["geometry"] = {"rings": [[[west, south], [west, north], [east, north], [east, south], [west, south]]]}
        return row


def field(name, kind, **more):
    return {name: {"name": name, "type": f"esriFieldType{kind}", "alias": name.replace("_", " ").title(), **more}}


def _error(code, message):
    return as_json({"error": {"code": code, "message": message, "details": []}})


def _wkid(text):
    return int(text) if text.isdigit() else int(json.loads(text)["wkid"])


def _transformation(source, target):
    return osr.CoordinateTransformation(sample_formats.spatial_ref(f"EPSG:{source}"),
                                        sample_formats.spatial_ref(f"EPSG:{target}"))


def _envelope(parameters):
    """The envelope asked for in Mercator metres, or None."""
    text = parameters.get("geometry", "")
    if not text:
        return None
    kind = parameters.get("geometryType", "esriGeometryEnvelope")
    number = _wkid(parameters.get("inSR", str(MERCATOR)))
    if text.lstrip().startswith("{"):
        shape = json.loads(text)
        number = shape.get("spatialReference", {}).get("wkid", number)
        box = [shape[name] for name in (("x", "y", "x", "y") if kind == "esriGeometryPoint" else ("xmin", "ymin", "xmax", "ymax"))]
    else:
        numbers = [float(part) for part in text.split(",")]
        box = numbers * 2 if kind == "esriGeometryPoint" else numbers
    if number in (102100, MERCATOR):
        return box
    return _transformation(number, MERCATOR).TransformBounds(*box, 21)


def _touches(a, b):
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


def _where(text):
    """A predicate of attributes for `A='x' AND B>=3 AND 1=1`, `A='x' OR A='y'` and the like (AND binds closer)."""
    if not text.strip():
        raise ValueError("'where' clause is missing")  # the service wants one, or a geometry; we are the stricter
    ways = [[_term(term) for term in re.split(r"\s+AND\s+", way, flags=re.IGNORECASE)]
            for way in re.split(r"\s+OR\s+", text.strip(), flags=re.IGNORECASE)]
    return lambda attributes: any(all(_holds(attributes, *test) for test in tests) for tests in ways)


def _term(text):
    match = re.fullmatch(r"\(?\s*(\w+)\s*(=|<>|>=|<=|>|<)\s*('(?:[^']|'')*'|-?[\d.]+)\s*\)?", text)
    if not match:
        raise ValueError(f"where clause '{text}'")
    return match[1], match[2], match[3][1:-1].replace("''", "'") if match[3][0] == "'" else float(match[3])


def _holds(attributes, name, operator, value):
    own = float(name) if name.isdigit() else attributes.get(name)
    if own is None:
        return False
    return {"=": own == value, "<>": own != value, ">=": own >= value, "<=": own <= value, ">": own > value,
            "<": own < value}[operator] if type(own) is type(value) or isinstance(own, (int, float)) else False


def _order(features, text):
    for part in reversed([part.strip() for part in text.split(",") if part.strip()]):
        name, _, direction = part.partition(" ")
        features.sort(key=lambda feature: (feature["attributes"].get(name) is None, feature["attributes"].get(name)),
                      reverse=direction.strip().upper() == "DESC")
