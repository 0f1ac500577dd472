"""OFFLINE=YES: what is on the network is a clear error, and nobody is asked. Without it the same file is read."""

import pathlib
import zipfile

import pytest
from osgeo import gdal, osr

import loopback
from fused import Fused
from policies import policy, raster_step

EXTENT = [0, 0, 0.01, 0.01]
# The same file in every spelling; {http} is the server's URL, {bucket} its file as an object of a bucket.
SPELLINGS = {
    "curl": "/vsicurl/{http}/data.tif",
    "zip in curl": "/vsizip//vsicurl/{http}/data.zip/data.tif",
    "zip in curl, braces": "/vsizip/{{/vsicurl/{http}/data.zip}}/data.tif",
    "s3": "/vsis3/bucket/data.tif",
}
# Handlers that are not read from here, and further nestings: refused all the same.
REFUSED_ONLY = ["/vsicurl_streaming/{http}/data.tif", "/vsis3_streaming/bucket/data.tif", "/vsigs/bucket/data.tif", "/vsigs_streaming/bucket/data.tif",
                "/vsiaz/bucket/data.tif", "/vsiaz_streaming/bucket/data.tif", "/vsiadls/bucket/data.tif", "/vsioss/bucket/data.tif",
                "/vsioss_streaming/bucket/data.tif", "/vsiswift/bucket/data.tif", "/vsiswift_streaming/bucket/data.tif",
                "/vsihdfs/data.tif", "/vsiwebhdfs/{http}/data.tif", "/vsigzip//vsicurl/{http}/data.tif", "/vsitar//vsis3/bucket/data.tar/data.tif",
                'NETCDF:"/vsicurl/{http}/data.nc":z', "{http}/data.tif"]


def write_raster(path):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 40, 40, 1, gdal.GDT_Float32)
    dataset.SetSpatialRef(reference)
    dataset.SetGeoTransform((-0.005, 0.0005, 0, 0.015, 0, -0.0005))
    dataset.GetRasterBand(1).Fill(-7)


@pytest.fixture
def server(tmp_path):
    """A server with data.tif, and the same in a zip and as an object of a bucket."""
    folder = tmp_path / "served"
    (folder / "bucket").mkdir(parents=True)
    write_raster(folder / "data.tif")
    (folder / "bucket" / "data.tif").write_bytes((folder / "data.tif").read_bytes())
    with zipfile.ZipFile(folder / "data.zip", "w") as archive:
        archive.write(folder / "data.tif", "data.tif")
    with loopback.serving(folder) as started:
        options = {"AWS_S3_ENDPOINT": started.address, "AWS_HTTPS": "NO", "AWS_VIRTUAL_HOSTING": "FALSE", "AWS_NO_SIGN_REQUEST": "YES",
                   "GDAL_HTTP_TIMEOUT": "10"}
        for key, value in options.items():
            gdal.SetConfigOption(key, value)
        yield started
        for key in options:
            gdal.SetConfigOption(key, None)
        gdal.VSICurlClearCache()


def path_of(spelling, server):
    return spelling.format(http=f"http://{server.address}")


def pixel(policy_file, **options):
    return Fused(policy_file, CACHE="OFF", **options).band(1, (5, 5, 1, 1))[0, 0]


def failure(policy_file, **options):
    with pytest.raises(RuntimeError) as caught:
        pixel(policy_file, **options)
    return str(caught.value)


@pytest.fixture
def one_file(write_policy):
    return lambda path, **more: write_policy(policy([raster_step(path, name="far", **more)], extent=EXTENT))


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_file_on_the_network_is_read_without_and_refused_with_offline(server, one_file, spelling):
    path = path_of(spelling, server)
    made = one_file(path)
    message = failure(made, OFFLINE="YES")
    assert f"step 'far': '{path}' is on the network and OFFLINE is on; download it, or open without OFFLINE" in message
    assert server.requests == []
    assert pixel(made) == -7
    assert server.requests != []
    asked = len(server.requests)
    assert "OFFLINE is on" in failure(made, OFFLINE="YES"), "though this process has read it"
    assert len(server.requests) == asked


@pytest.mark.parametrize("spelling", REFUSED_ONLY)
def test_every_network_path_is_refused_unasked(server, one_file, spelling):
    path = path_of(spelling, server)
    assert f"step 'far': '{path}' is on the network and OFFLINE is on" in failure(one_file(path), OFFLINE="YES")
    assert server.requests == []


@pytest.mark.parametrize("key", ["glob", "index"])
def test_a_list_on_the_network_is_not_looked_at(server, write_policy, key):
    path = f"/vsicurl/http://{server.address}/" + ("*.tif" if key == "glob" else "index.gpkg")
    made = write_policy(policy([{"provider": "raster", "name": "far", key: path}], extent=EXTENT))
    assert f"step 'far': '{path}' is on the network and OFFLINE is on" in failure(made, OFFLINE="YES")
    Fused(made, CACHE="OFF", OFFLINE="YES").dataset.GetMetadata()
    assert server.requests == []


def test_without_an_extent_opening_says_so(server, write_policy):
    path = f"/vsicurl/http://{server.address}/data.tif"
    message = failure(write_policy(policy([raster_step(path, name="far")])), OFFLINE="YES")
    assert f"step 'far': '{path}' is on the network and OFFLINE is on" in message
    assert server.requests == []


def test_a_step_that_may_be_skipped_is(server, write_policy, tmp_path):
    write_raster(tmp_path / "near.tif")
    steps = [raster_step(tmp_path / "near.tif", name="near"),
             raster_step(f"/vsicurl/http://{server.address}/data.tif", name="far", on_error="skip")]
    assert pixel(write_policy(policy(steps, extent=EXTENT)), OFFLINE="YES") == -7
    assert server.requests == []


def test_a_local_vrt_reaches_nothing_remote(server, one_file, tmp_path):
    gdal.BuildVRT(str(tmp_path / "far.vrt"), [f"/vsicurl/http://{server.address}/data.tif"])
    gdal.VSICurlClearCache()
    server.requests.clear()
    made = one_file(tmp_path / "far.vrt", allow_vrt=True)
    failure(made, OFFLINE="YES")
    assert server.requests == []
    assert pixel(made) == -7


def test_a_policy_on_the_network_is_refused(server):
    text = "name: t\nextent: [0, 0, 1, 1]\nvariables:\n- {steps: [{provider: raster, path: data.tif}]}\n"
    (pathlib.Path(server.folder) / "policy.yaml").write_text(text)
    path = f"TOPOBATHY:/vsicurl/http://{server.address}/policy.yaml"
    assert "is on the network and OFFLINE is on" in failure(path, OFFLINE="YES")
    assert server.requests == []


def test_local_files_are_read(one_file, tmp_path):
    (tmp_path / "vsis3").mkdir()
    write_raster(tmp_path / "vsis3" / "near.tif")
    assert pixel(one_file(tmp_path / "vsis3" / "near.tif"), OFFLINE="YES") == -7
