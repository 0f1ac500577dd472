"""USGS 3DEP in its bucket: seamless tiles of 1/3 and 1 arc-second, their national mosaics, projects of 1 m."""

import numpy as np
from osgeo import ogr

import sample_formats
from sample_coast import Grid, quantised

from .bluetopo import polygon
from .rasters import Tile, projected_box, write_sparse_cog
from .s3 import Bucket

HOST = "prd-tnm.s3.amazonaws.com"
BASE = f"https://{HOST}/StagedProducts/Elevation/"
LAND = (-70.83, 42.93, -70.695, 43.07)  # where the tiles have data
NODATA = -999999.0
PRODUCTS = {"13": (10800, 1.0, 10.0), "1": (3600, 1.5, 30.0)}  # pixels a degree, offset, metres
MARGIN = 6  # pixels beyond the degree, each side
PROJECT = "NH_Sample_2022_D22"


def hosts(store, contents):
    return {HOST: Bucket(store, HOST)}


def make(builder):
    for product, (per_degree, offset, metres) in PRODUCTS.items():
        tiles = {name: _tile(builder, product, name, per_degree, offset, metres) for name in ("n43w071", "n44w071")}
        _mosaic(builder, product, tiles)
    _older_edition(builder)
    _metre_tile(builder)
    _metre_index(builder)


def seamless_url(product, name, date=None):
    if date:
        return f"{BASE}{product}/TIFF/historical/{name}/USGS_{product}_{name}_{date}.tif"
    return f"{BASE}{product}/TIFF/current/{name}/USGS_{product}_{name}.tif"


def _lattice(name, per_degree):
    """The published pixels of a tile named by its north-west corner."""
    north, west = int(name[1:3]), -int(name[4:])
    side = per_degree + 2 * MARGIN
    return Tile("EPSG:4269", west - MARGIN / per_degree, north + MARGIN / per_degree, 1.0 / per_degree, side, side)


def _tile(builder, product, name, per_degree, offset, metres, date=None):
    tile = _lattice(name, per_degree)
    window = tile.window(LAND)
    z = builder.terrain.at(*tile.centres(window))
    values = np.where(z > 0.0, quantised(z + offset), np.float32(NODATA)).astype(np.float32)
    url = seamless_url(product, name, date)
    write_sparse_cog(builder.path(url), tile, window, values, NODATA)
    box = [max(LAND[0], tile.box[0]), max(LAND[1], tile.box[1]), min(LAND[2], tile.box[2]), min(LAND[3], tile.box[3])]
    builder.add("usgs_3dep", url, box, offset, metres, "NAVD88", int(date[:4]) if date else 2022, tile.box,
                {"product": product, "tile": name, "edition": "historical" if date else "current"})
    return tile


def _older_edition(builder):
    _tile(builder, "1", "n43w071", 3600, -4.0, 30.0, "20130911")


def _mosaic(builder, product, tiles):
    """USGS_Seamless_DEM_<product>.vrt: each tile with the rectangle it takes in the whole country."""
    per_degree = PRODUCTS[product][0]
    pixel = 1.0 / per_degree
    west, north, width, height = -75, 45, 8, 5  # degrees; the real one spans the country
    sources = "".join(_source(product, name, tile, west, north, per_degree) for name, tile in tiles.items())
    spatial_ref = sample_formats.spatial_ref("EPSG:4269").ExportToWkt()
    builder.write(f"{BASE}{product}/TIFF/USGS_Seamless_DEM_{product}.vrt", f"""\
<VRTDataset rasterXSize="{width * per_degree + 2 * MARGIN}" rasterYSize="{height * per_degree + 2 * MARGIN}">
  <SRS dataAxisToSRSAxisMapping="2,1">{spatial_ref.replace('"', '&quot;')}</SRS>
  <GeoTransform>{west - MARGIN * pixel!r}, {pixel!r}, 0.0, {north + MARGIN * pixel!r}, 0.0, {-pixel!r}</GeoTransform>
  <VRTRasterBand dataType="Float32" band="1">
    <NoDataValue>{NODATA:.0f}</NoDataValue>
    <ColorInterp>Gray</ColorInterp>
{sources}  </VRTRasterBand>
</VRTDataset>
""")


def _source(product, name, tile, west, north, per_degree):
    x = round((tile.left - west) * per_degree) + MARGIN
    y = round((north - tile.top) * per_degree) + MARGIN
    return f"""\
    <ComplexSource>
      <SourceFilename relativeToVRT="0">/vsicurl/{seamless_url(product, name)}</SourceFilename>
      <SourceBand>1</SourceBand>
      <SourceProperties RasterXSize="{tile.width}" RasterYSize="{tile.height}" DataType="Float32" BlockXSize="512" BlockYSize="512" />
      <SrcRect xOff="0" yOff="0" xSize="{tile.width}" ySize="{tile.height}" />
      <DstRect xOff="{x}" yOff="{y}" xSize="{tile.width}" ySize="{tile.height}" />
      <NODATA>{NODATA:.0f}</NODATA>
    </ComplexSource>
"""


def metre_url(name):
    return f"{BASE}1m/Projects/{PROJECT}/TIFF/USGS_1M_19_{name}_{PROJECT}.tif"


def _metre_tile(builder):
    """10 km with a margin, named by its north-west corner in units of 10 km; data in 420 m of it."""
    offset, box = 1.1, (355840, 4762910, 356260, 4763330)
    tile = Tile("EPSG:6348", 350000 - MARGIN, 4770000 + MARGIN, 1.0, 10000 + 2 * MARGIN, 10000 + 2 * MARGIN)
    window = tile.window(box)
    lon, lat = _degrees(tile, window)
    z = builder.terrain.at(lon, lat)
    values = np.where(z > 0.0, quantised(z + offset), np.float32(NODATA)).astype(np.float32)
    url = metre_url("x35y477")
    write_sparse_cog(builder.path(url), tile, window, values, NODATA)
    builder.add("usgs_3dep", url, projected_box("EPSG:6348", box), offset, 1.0, "NAVD88", 2022,
                projected_box("EPSG:6348", tile.box), {"product": "1m", "project": PROJECT})


def _degrees(tile, window):
    """Longitude and latitude planes of a window in UTM 19: exact every 16 pixels and linear between, as sample_coast does."""
    grid = Grid(tile.crs, round(tile.left / tile.size) + window[0], -round(tile.top / tile.size) + window[1], window[2],
                window[3], 1, tile.size)
    return grid.lonlat()


def _metre_index(builder):
    """FESM_1m.gpkg: a footprint a project."""
    path = builder.path(f"{BASE}1m/FullExtentSpatialMetadata/FESM_1m.gpkg")
    package = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = package.CreateLayer("FESM_1m", sample_formats.spatial_ref("EPSG:4269"), ogr.wkbMultiPolygon)
    for name in ("proj_name", "workunit", "product_link", "metadata_link"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    (item,) = [item for item in builder.items if item.facts.get("product") == "1m"]
    feature = ogr.Feature(layer.GetLayerDefn())
    feature["proj_name"] = feature["workunit"] = PROJECT
    feature["product_link"] = f"{BASE}1m/Projects/{PROJECT}"
    feature["metadata_link"] = f"{BASE}1m/Projects/{PROJECT}/metadata"
    feature.SetGeometry(ogr.ForceToMultiPolygon(polygon(item.box)))
    layer.CreateFeature(feature)
    del feature, layer, package
