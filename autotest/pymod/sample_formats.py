"""Writers of the sample coast: each makes one file as its archive delivers it (layout, nodata, CRS, side-cars)."""

import json

import numpy as np
from osgeo import gdal, osr

BLUETOPO_COLUMNS = (  # names, types and usages of a published BlueTopo attribute table
    ("value", gdal.GFT_Integer, gdal.GFU_MinMax),
    ("count", gdal.GFT_Integer, gdal.GFU_PixelCount),
    ("data_assessment", gdal.GFT_Integer, gdal.GFU_Generic),
    ("feature_least_depth", gdal.GFT_Integer, gdal.GFU_Generic),
    ("significant_features", gdal.GFT_Integer, gdal.GFU_Generic),
    ("feature_size", gdal.GFT_Real, gdal.GFU_Generic),
    ("coverage", gdal.GFT_Integer, gdal.GFU_Generic),
    ("bathy_coverage", gdal.GFT_Integer, gdal.GFU_Generic),
    ("horizontal_uncert_fixed", gdal.GFT_Real, gdal.GFU_Generic),
    ("horizontal_uncert_var", gdal.GFT_Real, gdal.GFU_Generic),
    ("vertical_uncert_fixed", gdal.GFT_Real, gdal.GFU_Generic),
    ("vertical_uncert_var", gdal.GFT_Real, gdal.GFU_Generic),
    ("license_name", gdal.GFT_String, gdal.GFU_Generic),
    ("license_url", gdal.GFT_String, gdal.GFU_Generic),
    ("source_survey_id", gdal.GFT_String, gdal.GFU_Generic),
    ("source_institution", gdal.GFT_String, gdal.GFU_Generic),
    ("survey_date_start", gdal.GFT_String, gdal.GFU_Generic),
    ("survey_date_end", gdal.GFT_String, gdal.GFU_Generic),
)


def spatial_ref(text):
    srs = osr.SpatialReference()
    srs.SetFromUserInput(text)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def memory_raster(grid, planes, nodata, gdal_type=gdal.GDT_Float32):
    """A raster in memory with `planes` (name, array) as its bands."""
    raster = gdal.GetDriverByName("MEM").Create("", grid.width, grid.height, len(planes), gdal_type)
    raster.SetGeoTransform(grid.geotransform)
    raster.SetSpatialRef(spatial_ref(grid.crs))
    for number, (name, array) in enumerate(planes, 1):
        band = raster.GetRasterBand(number)
        band.SetDescription(name)
        band.SetNoDataValue(nodata)
        band.WriteArray(array)
    return raster


def write_netcdf(path, grid, elevation, nodata):
    """A global compilation cut as a download service does it: int16, CF, latitude ascending."""
    raster = memory_raster(grid, [("elevation", elevation)], nodata, gdal.GDT_Int16)
    raster.SetMetadataItem("NC_GLOBAL#Conventions", "CF-1.6")
    raster.SetMetadataItem("NC_GLOBAL#title", "Sample global 15 arc-second grid (made up)")
    raster.GetRasterBand(1).SetMetadata(
        {"NETCDF_VARNAME": "elevation", "long_name": "Elevation relative to sea level", "units": "m",
         "standard_name": "height_above_mean_sea_level"})
    options = ["FORMAT=NC4", "COMPRESS=DEFLATE", "ZLEVEL=6"]
    gdal.GetDriverByName("netCDF").CreateCopy(path, raster, options=options)


COG_OPTIONS = ["COMPRESS=DEFLATE", "LEVEL=6", "PREDICTOR=FLOATING_POINT", "BLOCKSIZE=512", "RESAMPLING=AVERAGE",
               "BIGTIFF=NO", "NUM_THREADS=ALL_CPUS"]


def write_cog(path, grid, elevation, nodata):
    raster = memory_raster(grid, [("", elevation)], nodata)
    gdal.GetDriverByName("COG").CreateCopy(path, raster, options=COG_OPTIONS)


def write_geotiff(path, grid, elevation, nodata):
    """A plain strip GeoTIFF without overviews, as many lidar deliveries are."""
    raster = memory_raster(grid, [("", elevation)], nodata)
    gdal.GetDriverByName("GTiff").CreateCopy(path, raster, options=["COMPRESS=LZW", "PREDICTOR=3"])


def contributor_table(contributors, ids):
    """The attribute table of a BlueTopo tile for `contributors`, a list of dicts keyed by column name."""
    table = gdal.RasterAttributeTable()
    for name, column_type, usage in BLUETOPO_COLUMNS:
        table.CreateColumn(name, column_type, usage)
    defaults = {"data_assessment": 1, "feature_size": 1e6, "coverage": 1, "bathy_coverage": 1,
                "horizontal_uncert_fixed": 5.0, "horizontal_uncert_var": 0.05, "license_name": "cc0-1.0",
                "license_url": "https://creativecommons.org/publicdomain/zero/1.0/legalcode"}
    for row, contributor in enumerate(contributors):
        count = int(np.count_nonzero(ids == contributor["value"]))
        values = {**defaults, **contributor, "count": count}
        for column, (name, column_type, _) in enumerate(BLUETOPO_COLUMNS):
            if column_type == gdal.GFT_String:
                table.SetValueAsString(row, column, values.get(name, "N/A"))
            elif column_type == gdal.GFT_Real:
                table.SetValueAsDouble(row, column, float(values.get(name, 0.0)))
            else:
                table.SetValueAsInt(row, column, int(values.get(name, 0)))
    return table


def write_bluetopo(path, grid, elevation, uncertainty, ids, contributors):
    """Three bands, NaN nodata, the attribute table in a side-car; overviews average metres and never mix ids."""
    planes = [("Elevation", elevation), ("Uncertainty", uncertainty), ("Contributor", ids)]
    raster = memory_raster(grid, planes, float("nan"))
    raster.BuildOverviews("AVERAGE", [2, 4])
    band = raster.GetRasterBand(3)
    overviews = [band.GetOverview(i) for i in range(band.GetOverviewCount())]
    gdal.RegenerateOverviews(band, overviews, "NEAREST")
    band.SetDefaultRAT(contributor_table(contributors, ids))
    raster.SetMetadataItem("TIFFTAG_COPYRIGHT", "CC0-1.0, made-up data")
    gdal.GetDriverByName("COG").CreateCopy(path, raster, options=COG_OPTIONS + ["OVERVIEWS=AUTO"])


MLLW_WKT = ('VERT_CS["MLLW depth",VERT_DATUM["Mean Lower Low Water",2005],UNIT["metre",1],AXIS["Depth",DOWN],'
            'AUTHORITY["EPSG","5866"]]')


def write_bag(path, grid, elevation, uncertainty, title, date):
    """A single-resolution BAG: elevation and uncertainty, 1e6 where nothing was measured, datum in the CRS."""
    planes = [("elevation", elevation), ("uncertainty", uncertainty)]
    raster = memory_raster(grid, planes, 1e6)
    options = [f"VAR_ABSTRACT={title} (made-up survey)", f"VAR_TITLE={title}", f"VAR_DATE={date}",
               f"VAR_DATETIME={date}T00:00:00Z", "VAR_PROCESS_STEP_DESCRIPTION=made by sample_coast.py",
               f"VAR_VERT_WKT={MLLW_WKT}", "BLOCK_SIZE=100"]
    gdal.GetDriverByName("BAG").CreateCopy(path, raster, options=options)


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
