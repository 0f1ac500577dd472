"""InPort, NOAA's catalogue: the XML of an item."""

from xml.sax.saxutils import escape

from .messages import html
from .objects import answer_object
from .website import WebSite

HOST = "www.fisheries.noaa.gov"


def hosts(store, contents):
    return {HOST: InPort(store)}


class InPort:
    """item/<n> is a page for people, item/<n>/inport-xml the record."""

    def __init__(self, store):
        self._site, self._store = WebSite(store, HOST), store

    def answer(self, request):
        key = request.name.rstrip("/")
        record = self._store.get(HOST, f"{key}/inport-xml")
        if record is not None and not key.endswith("inport-xml"):
            return html(f"<!DOCTYPE html><html><body><h1>InPort item {key.split('/')[-1]}</h1></body></html>")
        resource = self._store.get(HOST, key)
        if resource is None:
            return self._site.answer(request)
        answer = answer_object(request, resource, key)
        answer.headers["Content-Type"] = "application/xml"
        return answer


def item_url(number):
    return f"https://{HOST}/inport/item/{number}"


VERTICAL = {  # what records say, by datum
    "NAVD88": ("EPSG:5703", "NAVD88 height", "North American Vertical Datum 1988"),
    "ellipsoid": ("EPSG:6319", "NAD83(2011)", "Ellipsoid heights, NAD83 (National Spatial Reference System 2011)"),
}


def record(number, title, abstract, datum, start, end, resolution=None, units="Meter"):
    """The record's XML. Whatever is not stated is left out of it."""
    spatial = "" if resolution is None else (
        f"<spatial-resolution><horizontal-distance>{resolution}</horizontal-distance>"
        f"<horizontal-distance-units>{units}</horizontal-distance-units></spatial-resolution>")
    systems = _system("Projected", "EPSG:6348", "NAD83(2011) / UTM zone 19N", "NAD83 (National Spatial Reference System 2011)")
    if datum in VERTICAL:
        systems += _system("Vertical", *VERTICAL[datum])
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<inport-metadata version="1.0">
 <item-identification><catalog-item-id>{number}</catalog-item-id><title>{escape(title)}</title>
  <abstract>{escape(abstract)}</abstract><purpose>Tests of coastal elevation</purpose>
  <publication-date>{end}</publication-date></item-identification>
 <keywords><keyword>Bathymetry/Topography</keyword></keywords>
 <extents><extent><time-frames><time-frame><time-frame-type>Range</time-frame-type>
  <start-date-time>{start}</start-date-time><end-date-time>{end}</end-date-time></time-frame></time-frames></extent></extents>
 <spatial-info>{spatial}<reference-systems>{systems}</reference-systems></spatial-info>
 <support-roles><support-role><support-role-type>Distributor</support-role-type>
  <contact-name>NOAA Office for Coastal Management</contact-name>
  <contact-url>https://coast.noaa.gov/</contact-url></support-role></support-roles>
</inport-metadata>
"""


def _system(kind, code, name, datum):
    return (f"<reference-system><coordinate-reference-system><crs-type>{kind}</crs-type><epsg-code>{code}</epsg-code>"
            f"<epsg-name>{name}</epsg-name><datum-name>{datum}</datum-name></coordinate-reference-system></reference-system>")
