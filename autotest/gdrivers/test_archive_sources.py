"""The attribute table names what every pixel came from, as the archives state it; what they do not state is empty."""

import numpy
import pytest

from archive_cases import CASES, source_paths
from archive_reading import open_case
from archive_tables import published_table

BLUETOPO_LINK = "https://nauticalcharts.noaa.gov/data/bluetopo.html"
USGS = {"source_institution": "U.S. Geological Survey", "license_name": "U.S. Public Domain",
        "license_url": "https://www.usgs.gov/information-policies-and-instructions/copyrights-and-credits"}
DEM = {**USGS, "source_survey_id": "", "vertical_datum": "NAVD88", "vertical_basis": "archive"}
S3 = "https://prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/"
BLOB = "https://ai4edataeuwest.blob.core.windows.net/3dep/Elevation/"
NCEI = "https://www.ngdc.noaa.gov/nos/"
# What each source's row says; for several sources, those of all rows.
STATED = {
    "gebco": {"source_institution": "General Bathymetric Chart of the Oceans (GEBCO)", "license_name": "public domain",
              "vertical_datum": "mean sea level", "vertical_basis": "archive", "link": "https://doi.org/10.5285/37c52e96-24ea-67ce-e063-7086abc05f29"},
    "3dep_10m": {**DEM, "survey_date_start": "", "resolution": 10},
    "3dep_30m": {**DEM, "survey_date_start": "", "resolution": 30},
    "3dep_1m": {**DEM, "source_survey_id": "NH_Sample_2022_D22", "resolution": 1,
                "link": S3 + "1m/Projects/NH_Sample_2022_D22/TIFF/USGS_1M_19_x35y477_NH_Sample_2022_D22.tif"},
    "3dep_stac_10m": {**DEM, "survey_date_start": "2022-01-01", "survey_date_end": "2022-12-31", "resolution": 10},
    "copernicus": {"source_institution": "European Space Agency", "license_name": "Copernicus DEM licence", "vertical_datum": "EGM2008 height",
                   "vertical_basis": "file", "resolution": 30},
    "nasadem": {"source_institution": "NASA", "vertical_datum": "EGM96 height", "vertical_basis": "file", "resolution": 30},
    "topobathy": {"source_institution": "NOAA Office for Coastal Management", "survey_date_start": "2022-05-03", "survey_date_end": "2022-06-17",
                  "vertical_datum": "North American Vertical Datum 1988", "vertical_basis": "archive", "resolution": 4,
                  "link": "https://www.fisheries.noaa.gov/inport/item/59901", "license_name": ""},
    "lidar_ept": {**USGS, "vertical_datum": "NAVD88 height"},
    "bag": {"survey_date_start": "2019-05-15", "survey_date_end": "2019-06-14", "vertical_datum": "Mean Lower Low Water", "vertical_basis": "file",
            "resolution": 4, "link": NCEI + "H18001-H20000/H19901.html", "license_name": ""},
    "bag_gz": {"survey_date_end": "2002-07-01", "vertical_datum": "MLLW", "vertical_basis": "archive", "link": NCEI + "H10001-H12000/H10990.html"},
    "bag_vr": {"survey_date_end": "2022-05-11", "link": NCEI + "H12001-H14000/H13999.html", "resolution": 0},
    "bag_real": {"source_institution": "Center for Coastal and Ocean Mapping", "survey_date_end": "2007-06-20", "vertical_datum": "MLLW",
                 "vertical_basis": "file", "resolution": 0.5},
    "cudem": {"source_institution": "NOAA National Centers for Environmental Information", "vertical_datum": "NAVD88", "vertical_basis": "archive",
              "link": "https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com/dem/NCEI_ninth_Topobathy_2014_8483/index.html"},
    "gbr100": {"source_institution": "James Cook University", "license_name": "CC BY 4.0", "vertical_datum": "mean sea level",
               "license_url": "https://creativecommons.org/licenses/by/4.0/", "resolution": 111.32, "link": "https://doi.org/10.26186/5e2f8bb629d07"},
    "etopo": {"source_institution": "NOAA National Centers for Environmental Information", "license_name": "public domain",
              "vertical_datum": "EGM2008", "vertical_basis": "archive", "link": "https://doi.org/10.25921/fd45-gt74"},
}
CATEGORIES = {  # of the sources that have pixels, where they are no survey
    "3dep_10m": {"usgs_3dep: file:USGS_13_n43w071", "usgs_3dep: file:USGS_13_n44w071"},
    "3dep_30m": {"usgs_3dep: file:USGS_1_n43w071", "usgs_3dep: file:USGS_1_n44w071"},
    "3dep_stac_10m": {"usgs_3dep: file:USGS_13_n43w071", "usgs_3dep: file:USGS_13_n44w071"},
    "copernicus": {f"copernicus_dsm: file:Copernicus_DSM_COG_10_N{lat}_00_W071_00_DEM" for lat in (42, 43)},
    "nasadem": {"nasadem: file:NASADEM_HGT_n42w071", "nasadem: file:NASADEM_HGT_n43w071"},
    "cudem": {"ncei_cudem: ncei19_n43x00_w071x00_2021v1", "ncei_cudem: ncei19_n43x00_w070x75_2021v1"},
}


def rows_with_pixels(fused):
    used = set(numpy.unique(fused.ids)) - {0}
    rows = {row["value"]: row for row in fused.table()}
    assert used <= set(rows), "every source of a pixel is in the table"
    return [rows[value] for value in sorted(used)]


def test_every_case_is_looked_at():
    assert set(STATED) == {name for name, case in CASES.items() if case.provider != "noaa_bluetopo"}


@pytest.mark.parametrize("name", STATED)
def test_rows_say_what_the_archive_states(online, write_policy, name):
    case = CASES[name]
    fused = open_case(case, write_policy)
    assert numpy.array_equal(numpy.isfinite(fused.elevation), fused.ids > 0)
    rows = rows_with_pixels(fused)
    for row in rows:
        assert row["provider"] == case.provider and row["interpolated"] == 0
        assert {column: float(row[column]) if column == "resolution" else row[column] for column in STATED[name]} == STATED[name]
    if case.survey:
        assert [row["source_survey_id"] for row in rows] == [case.survey]
    assert {row["category"] for row in rows} == CATEGORIES.get(name, {row["category"] for row in rows})


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("bluetopo")])
def test_contributors_of_bluetopo_keep_their_rows(online, write_policy, name):
    case = CASES[name]
    (path,) = source_paths(case, online.contents)
    published = {row["source_survey_id"]: row for row in published_table(path + ".aux.xml").values()}
    rows = rows_with_pixels(open_case(case, write_policy))
    assert len(rows) > 1 or name == "bluetopo_fine"
    for row in rows:
        original = published[row["source_survey_id"]]
        for column in ("source_institution", "survey_date_start", "survey_date_end", "license_name", "license_url"):
            assert row[column] == ("" if original[column] == "N/A" else original[column]), (row, column)
        assert row["interpolated"] == row["source_survey_id"].endswith(".interpolated")
        assert row["vertical_datum"] == ("MSL height" if name == "bluetopo_real" else "NAVD88 height") and row["vertical_basis"] == "file"
        assert row["link"] == BLUETOPO_LINK and row["provider"] == "noaa_bluetopo"


def test_the_real_tile_has_interpolated_contributors_and_others(online, write_policy):
    rows = rows_with_pixels(open_case(CASES["bluetopo_real"], write_policy))
    assert {row["interpolated"] for row in rows} == {0, 1}


def test_contributors_can_be_left_out(online, write_policy):
    case = CASES["bluetopo_real"]
    every = open_case(case, write_policy)
    drawn = every.surveys
    kept = open_case(case.with_keys(filter={"exclude_patterns": ["*.interpolated"]}), write_policy)
    gone = numpy.char.endswith(drawn, ".interpolated")
    assert 0 < gone.sum() < gone.size
    assert numpy.array_equal(numpy.isnan(kept.elevation), gone)
    assert numpy.array_equal(kept.elevation[~gone], every.elevation[~gone])


@pytest.mark.parametrize("name", ["3dep_10m", "3dep_stac_10m", "copernicus", "nasadem"])
def test_links_are_those_published_and_never_signed(online, write_policy, name):
    for row in rows_with_pixels(open_case(CASES[name], write_policy)):
        assert row["link"].startswith("https://") and "?" not in row["link"] and "127.0.0.1" not in row["link"]
        assert row["category"].split("file:")[1] in row["link"]
