"""Microsoft's Planetary Computer: STAC search in pages, tokens for its blobs, and the blobs."""

import json
import shutil

from . import stac_items
from .azure import BlobHost, Signing
from .messages import as_json

HOST = "planetarycomputer.microsoft.com"
BLOBS = "*.blob.core.windows.net"
ROOT = f"https://{HOST}/api/stac/v1/"
THREEDEP = "https://ai4edataeuwest.blob.core.windows.net/3dep/Elevation/"
GLO30 = "https://elevationeuwest.blob.core.windows.net/copernicus-dem/COP30_hh/"


def hosts(store, contents):
    signing = Signing()
    return {HOST: StacServer(stac_items.items(contents), signing), BLOBS: BlobHost(store, signing)}


def make(builder):
    """The same files as in the buckets; NASADEM and COPC lie in blobs only and are there already."""
    for item in list(builder.items):
        blob = _blob(item)
        if blob:
            shutil.copyfile(builder.path(item.url), builder.path(blob))
            item.facts["blob"] = blob
        elif ".blob.core.windows.net/" in item.url:
            item.facts["blob"] = item.url


def _blob(item):
    if item.archive == "usgs_3dep" and item.facts.get("edition") == "current":
        return f"{THREEDEP}{item.facts['product']}/TIFF/{item.facts['tile']}/{item.name}"
    return GLO30 + item.name if item.archive == "copernicus_dsm" else None


class StacServer:
    """`page`: most items of an answer, whatever limit is asked for; tests make it small."""

    def __init__(self, items, signing):
        self._items, self.signing = items, signing
        self.page = 1000

    def answer(self, request):
        name = request.name
        if name == "api/stac/v1/search":
            return self._search(request)
        if name.startswith("api/stac/v1/collections/"):
            return self._item(*name.removeprefix("api/stac/v1/collections/").partition("/items/")[::2])
        if name.startswith("api/sas/v1/token/"):
            return self._token(name.removeprefix("api/sas/v1/token/").split("/"))
        if name.rstrip("/") == "api/stac/v1":
            return as_json({"type": "Catalog", "id": "microsoft-pc", "stac_version": "1.0.0", "links": [
                {"rel": "search", "type": "application/geo+json", "href": ROOT + "search", "method": "GET"},
                {"rel": "search", "type": "application/geo+json", "href": ROOT + "search", "method": "POST"}]})
        return as_json({"code": "NotFoundError", "description": name}, 404)

    def _token(self, parts):
        if len(parts) == 1:
            parts = stac_items.CONTAINERS.get(parts[0], ())
        if len(parts) != 2:
            return as_json({"detail": "Collection not found"}, 404)
        return as_json(self.signing.token(*parts))

    def _item(self, collection, identifier):
        for item in stac_items.select(self._items, {"collections": [collection], "ids": [identifier]}):
            return as_json(item, content_type="application/geo+json")
        return as_json({"code": "NotFoundError", "description": identifier}, 404)

    def _search(self, request):
        try:
            wanted = json.loads(request.body) if request.method == "POST" else _from_query(request.parameters)
            found = stac_items.select(self._items, wanted)
            first = int(wanted["token"].removeprefix("next:")) if wanted.get("token") else 0
            count = min(int(wanted.get("limit", 10)), self.page)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return as_json({"code": "RequestValidationError", "description": str(error)}, 400)
        links = [{"rel": "root", "type": "application/json", "href": ROOT}]
        if first + count < len(found):
            links.insert(0, self._next(request, first + count))
        return as_json({"type": "FeatureCollection", "features": found[first:first + count], "links": links},
                       content_type="application/geo+json")

    @staticmethod
    def _next(request, first):
        """As asked: a link for GET; for POST the part of the body that is to be merged into the one sent."""
        token = f"next:{first}"
        if request.method == "POST":
            return {"rel": "next", "method": "POST", "href": ROOT + "search", "type": "application/geo+json",
                    "body": {"token": token}, "merge": True}
        kept = "&".join(part for part in request.query.split("&") if not part.startswith("token="))
        return {"rel": "next", "method": "GET", "href": f"{ROOT}search?{kept}&token={token}", "type": "application/geo+json"}


def _from_query(parameters):
    wanted = dict(parameters)
    for name in ("collections", "ids"):
        if name in wanted:
            wanted[name] = wanted[name].split(",")
    if "bbox" in wanted:
        wanted["bbox"] = [float(number) for number in wanted["bbox"].split(",")]
    return wanted
