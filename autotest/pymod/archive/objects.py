"""GET and HEAD of an object: ranges, conditions, and what each kind of server makes of them."""

import mimetypes
import re

from .messages import Answer, http_date

TYPES = {".tif": "image/tiff", ".tiff": "image/tiff", ".gpkg": "application/geopackage+sqlite3", ".html": "text/html",
         ".xml": "application/xml", ".json": "application/json", ".geojson": "application/json", ".txt": "text/plain",
         ".zip": "application/zip", ".laz": "application/octet-stream", ".vrt": "application/xml"}


def content_type(name):
    extension = name[name.rfind("."):].lower() if "." in name else ""
    return TYPES.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def answer_object(request, resource, name, suffix_ranges=True):
    """`suffix_ranges=False` as Azure: `bytes=-N` is ignored and all comes."""
    headers = {"Content-Type": content_type(name), "ETag": resource.etag, "Accept-Ranges": "bytes",
               "Last-Modified": http_date(resource.modified)}
    refusal = _condition(request, resource, headers)
    if refusal:
        return refusal
    if request.headers.get("if-range", resource.etag) not in (resource.etag, headers["Last-Modified"]):
        return Answer(200, headers, resource.content)
    return _ranged(request, resource, headers, suffix_ranges)


def _condition(request, resource, headers):
    match, none_match = request.headers.get("if-match"), request.headers.get("if-none-match")
    if match not in (None, "*", resource.etag):
        return Answer(412, headers)
    if none_match in ("*", resource.etag):
        return Answer(304, headers)
    return None


def _ranged(request, resource, headers, suffix_ranges):
    size = resource.size
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))  # several ranges: ignored, as S3 does
    if not wanted or wanted[0] == "bytes=-" or (not wanted[1] and not suffix_ranges):
        return Answer(200, headers, resource.content)
    if wanted[1]:
        first, last = int(wanted[1]), int(wanted[2] or size - 1)
    else:
        first, last = max(size - int(wanted[2]), 0), size - 1
    last = min(last, size - 1)
    if first > last:
        return Answer(416, {**headers, "Content-Range": f"bytes */{size}"})
    return Answer(206, {**headers, "Content-Range": f"bytes {first}-{last}/{size}"}, resource.content[first:last + 1])
