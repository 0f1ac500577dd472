"""docs/policy.schema.json judges policies as the loader does, as far as a schema can."""

import json
import pathlib

import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "policy.schema.json").read_text())
POLICIES = sorted((ROOT / "autotest" / "data" / "policies").glob("*.yaml")) + sorted(
    (ROOT / "autotest" / "data" / "policies" / "published").iterdir()
)


def is_yaml(path):
    try:
        list(yaml.safe_load_all(path.read_text()))
        return True
    except yaml.YAMLError:
        return False


# What is no YAML at all has nothing that a schema could judge: the loader's tests have it.
OTHERS = [path for path in sorted((ROOT / "autotest" / "data" / "policies" / "not_policies").iterdir()) if is_yaml(path)]


def errors(document):
    as_json = json.loads(json.dumps(document, default=str))  # YAML 1.1 makes `on:` a truth value
    return list(jsonschema.Draft7Validator(SCHEMA).iter_errors(as_json))


def policy(step=None, **root):
    steps = [{"provider": "gebco"}] + ([step] if step else [])
    return {"name": "t", "variables": [{"steps": steps}], **root}


def raster(**keys):
    return policy({"provider": "raster", **keys})


def test_schema_is_a_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_policies_validate(path):
    assert errors(yaml.safe_load(path.read_text())) == []


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_other_documents_do_not_validate(path):
    assert errors((list(yaml.safe_load_all(path.read_text())) or [None])[0])


@pytest.mark.parametrize(
    "document",
    [
        policy(),
        policy(version=1.1),
        policy(extent=None, zoom=None, defaults=None),
        policy(zoom=12, resolution=None, crs="EPSG:3857"),
        raster(path="a.tif"),
        raster(path=["a.tif"], glob=None, product=None),
        raster(index="a.gpkg", location_field="f"),
        policy({"provider": "gbr100", "zone": [0, 0, 1, 1]}),
        policy({"provider": "nasadem", "zone": {"coords": [[0, 0], [1, 1]]}}),
        policy({"provider": "nasadem", "uncertainty": {"constant": 1}}),
        policy({"provider": "ncei_bag", "filter": {"project_id": [1, "2"]}, "path": None}),
        policy({"provider": "gebco", "product": "ice_surface"}),
        policy({"provider": "nasadem", "product": None, "filter": None}),
        policy({"provider": "gebco", "product": "sub_ice_topo_bathymetry"}),
        policy({"provider": "noaa_topobathy", "product": "job", "filter": {"project_type": "topographic"}}),
        policy({"provider": "nasadem", "filter": {"min_year": None, "max_elevation": 1}}),
        policy({"provider": "usgs_3dep", "product": "1m", "filter": {"project_id": "a", "exclude_patterns": "*"}}),
        policy({"provider": "usgs_3dep", "product": "stac_30m", "filter": {"min_year": 2000}}),
        policy(defaults={"filter": {"min_year": 2000, "project_type": "topobathy"}}),
    ],
)
def test_good_documents_validate(document):
    assert errors(document) == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"name": "t"},
        {"name": "t", "variables": []},
        {"name": "t", "variables": [{"steps": []}, {"steps": []}]},
        {"name": "t", "variables": [{"name": "depth", "steps": []}]},
        policy(resolutoin=30),
        policy(resolution=0),
        policy(resolution="30"),
        policy(zoom=31),
        policy(zoom=12, resolution=30),
        policy(extent=[1, 2, 3]),
        policy(overview="shoal"),
        policy(crs=4326),
        policy(defaults={"provider": "gebco"}),
        policy({"provider": "emodnet"}),
        policy({"operator": "overwrite"}),
        policy({"provider": "gebco", "operator": "feather"}),
        policy({"provider": "gebco", "blend_distance": -1}),
        policy({"provider": "gebco", "weight": 2}),
        policy({"provider": "gebco", "path": "a.tif"}),
        policy({"provider": "gebco", "allow_vrt": True}),
        policy({"provider": "gebco", "filter": {"min_elevaton": 1}}),
        policy({"provider": "gebco", "transitions": [{"target": "x", "operator": "hard"}]}),
        policy({"provider": "gebco", "transitions": [{"operator": "overwrite"}]}),
        policy({"provider": "gebco", "transitions": [{"target": "gebco"}]}),
        policy({"provider": "gebco", "zone": {"type": "bbox"}}),
        policy({"provider": "gebco", "zone": {"coords": [0, 0, 1, 1], "priority": 1}}),
        policy({"provider": "gebco", "uncertainty": {}}),
        raster(),
        raster(path="a", glob="b"),
        raster(path="a", product="p"),
        raster(path=[]),
        raster(path="a", allow_vrt="yes"),
        raster(path="a", location_field="f"),
        raster(path="a", filter={"min_year": 2000}),
        policy({"provider": "gebco", "product": "100m"}),
        policy({"provider": "gbr100", "product": "30m"}),
        policy({"provider": "ncei_bag", "product": "vr"}),
        policy({"provider": "nasadem", "filter": {"min_year": 2000}}),
        policy({"provider": "gbr100", "filter": {"include_patterns": "*"}}),
        policy({"provider": "usgs_3dep", "filter": {"min_year": 2000}}),
        policy({"provider": "usgs_3dep", "product": None, "filter": {"min_year": 2000}}),
        policy({"provider": "usgs_3dep", "product": "30m", "filter": {"project_id": "a"}}),
        policy({"provider": "usgs_3dep", "product": "stac_10m", "filter": {"project_id": "a"}}),
        policy({"provider": "usgs_3dep", "product": "1m", "filter": {"max_resolution": 2}}),
        policy({"provider": "usgs_lidar", "filter": {"project_type": "topobathy"}}),
        policy({"provider": "noaa_topobathy", "filter": {"project_type": "lidar"}}),
    ],
)
def test_bad_documents_do_not_validate(document):
    assert errors(document)
