"""Tile indexes as the archives keep them: a zipped shapefile, or a GeoPackage."""

import io
import zipfile

from osgeo import gdal, ogr

import sample_formats

from .bluetopo import polygon
from .vsimem import take


def shapefile_zip(name, crs, fields, rows):
    """Bytes of <name>.zip; `rows`: (box in `crs`, values of `fields`)."""
    folder = f"/vsimem/archive/{name}"
    _write("ESRI Shapefile", f"{folder}/{name}.shp", name, crs, fields, rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for file in sorted(gdal.ReadDir(folder)):
            if file not in (".", ".."):
                package.writestr(zipfile.ZipInfo(file, (2025, 1, 1, 3, 4, 4)), take(f"{folder}/{file}"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def geopackage(path, crs, fields, rows):
    layer = path.rsplit("/", 1)[1].removesuffix(".gpkg")
    _write("GPKG", path, layer, crs, fields, rows)


def _write(driver, path, layer_name, crs, fields, rows):
    source = ogr.GetDriverByName(driver).CreateDataSource(path)
    layer = source.CreateLayer(layer_name, sample_formats.spatial_ref(crs), ogr.wkbPolygon)
    for name in fields:
        definition = ogr.FieldDefn(name, ogr.OFTString)
        definition.SetWidth(254)
        layer.CreateField(definition)
    for box, values in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for name, value in zip(fields, values):
            feature[name] = value
        feature.SetGeometry(polygon(box))
        layer.CreateFeature(feature)
    del feature, layer, source

