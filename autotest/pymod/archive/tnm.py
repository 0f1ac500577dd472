"""The National Map's product search, over the 3DEP files."""

from .messages import as_json

HOST = "tnmaccess.nationalmap.gov"
DATASETS = {"13": "National Elevation Dataset (NED) 1/3 arc-second", "1": "National Elevation Dataset (NED) 1 arc-second",
            "1m": "Digital Elevation Model (DEM) 1 meter"}


def hosts(store, contents):
    return {HOST: ProductSearch(store, contents.of("usgs_3dep"))}


class ProductSearch:
    def __init__(self, store, items):
        self._store, self._items = store, items

    def answer(self, request):
        if request.name.rstrip("/") != "api/v1/products":
            return as_json({"errorMessage": "Not found"}, 404)
        parameters = request.parameters
        try:
            box = [float(number) for number in parameters["bbox"].split(",")] if "bbox" in parameters else None
            first, most = int(parameters.get("offset", 0)), int(parameters.get("max", 50))
        except ValueError as error:
            return as_json({"errorMessage": f"[BadRequest] {error}"}, 400)
        found = [item for item in self._items if self._is_of(item, parameters.get("datasets", ""))
                 and (box is None or _touches(box, item.tile_box))]
        page = found[first:first + most]
        return as_json({"total": len(found), "items": [self._product(item) for item in page], "errors": [],
                        "messages": [f"Retrieved {len(page)} item(s) ({first + 1} through {first + len(page)})"]})

    @staticmethod
    def _is_of(item, names):
        """A name of a data set as such is all editions; with " Current" the current one."""
        name = DATASETS[item.facts["product"]]
        current = item.facts.get("edition") == "current"
        wanted = [part.strip() for part in names.split(",") if part.strip()]
        return not wanted or name in wanted or (current and f"{name} Current" in wanted)

    def _product(self, item):
        host, _, key = item.url.removeprefix("https://").partition("/")
        west, south, east, north = item.tile_box
        name = DATASETS[item.facts["product"]] + (" Current" if item.facts.get("edition") == "current" else "")
        return {"title": f"USGS {item.name.removesuffix('.tif')}", "sourceName": "ScienceBase", "sourceOriginName": "gda",
                "publicationDate": f"{item.year}-01-01", "lastUpdated": f"{item.year}-01-02T00:00:00.000-06:00",
                "sizeInBytes": self._store.get(host, key).size, "format": "GeoTIFF", "downloadURL": item.url,
                "urls": {"TIFF": item.url}, "datasets": [name], "bestFitIndex": 0.0,
                "boundingBox": {"minX": west, "maxX": east, "minY": south, "maxY": north}}


def _touches(a, b):
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]
