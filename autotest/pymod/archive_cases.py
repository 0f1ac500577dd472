"""Places where each archive on loopback has content, and what is true there."""

import dataclasses

import places
from policies import policy

COAST = (-70.775, 42.995, -70.765, 43.005)  # land, river and sea, on both sides of 43 N where tiles of a degree meet


@dataclasses.dataclass(frozen=True)
class Case:
    """One step, read alone. Pixels are finer than the source, so that a value is a bilinear mean of four source pixels."""

    name: str
    step: dict
    box: tuple  # west, south, east, north
    metres: float  # pixel size of the policy
    files: tuple = ()  # ends of the URLs of the files read, the top one first
    offset: float = None  # metres above the made-up ground; None = another ground
    survey: str = None  # of every pixel, where it is one
    open_options: tuple = ()  # that the files are read with for comparison
    download: bool = False  # copied whole to tier 5
    uncertain: bool = False  # the source states an uncertainty
    crs: str = None  # of the files, where GDAL finds none in them
    fine: bool = True  # shows the detail of the ground

    @property
    def provider(self):
        return self.step["provider"]

    def with_keys(self, **more):
        """The same with more keys in its step."""
        return dataclasses.replace(self, step={**self.step, **more})

    def at(self, box):
        """The same elsewhere."""
        return dataclasses.replace(self, box=box)

    def policy(self):
        return policy([self.step], name=self.name, resolution=self.metres, extent=list(self.box))


def _case(name, product, box, metres, files=(), offset=None, **more):
    provider, _, product = product.partition(":")
    step = {"provider": provider, **({"product": product} if product else {})}
    filters = more.pop("filter", None)
    return Case(name, {**step, **({"filter": filters} if filters else {})}, box, metres, tuple(files), offset, **more)


CASES = {case.name: case for case in (
    _case("gebco", "gebco_2025", (-70.79, 42.96, -70.70, 43.03), 150, offset=-2.0, fine=False),
    _case("3dep_10m", "usgs_3dep", COAST, 5, ("13/TIFF/current/n43w071/USGS_13_n43w071.tif", "13/TIFF/current/n44w071/USGS_13_n44w071.tif"), 1.0),
    _case("3dep_30m", "usgs_3dep:30m", COAST, 15, ("current/n43w071/USGS_1_n43w071.tif", "current/n44w071/USGS_1_n44w071.tif"), 1.5),
    _case("3dep_1m", "usgs_3dep:1m", (-70.7660, 43.0065, -70.7640, 43.0080), 0.5, ("USGS_1M_19_x35y477_NH_Sample_2022_D22.tif",), 1.1,
          survey="NH_Sample_2022_D22"),
    _case("3dep_stac_10m", "usgs_3dep:stac_10m", COAST, 5, ("13/TIFF/current/n43w071/USGS_13_n43w071.tif", "13/TIFF/current/n44w071/USGS_13_n44w071.tif"), 1.0),
    _case("copernicus", "copernicus_dsm", COAST, 15, ("Copernicus_DSM_COG_10_N42_00_W071_00_DEM.tif", "Copernicus_DSM_COG_10_N43_00_W071_00_DEM.tif"), 2.0),
    _case("nasadem", "nasadem", COAST, 15, ("NASADEM_HGT_n42w071.tif", "NASADEM_HGT_n43w071.tif"), 3.0),
    _case("bluetopo", "noaa_bluetopo", (-70.745, 42.985, -70.730, 42.995), 4, ("BlueTopo_BH4SAMPL_20240601.tiff",), -0.75, uncertain=True),
    _case("bluetopo_fine", "noaa_bluetopo", (-70.730, 42.9405, -70.720, 42.9475), 2, ("BlueTopo_BH4SAMP4_20250102.tiff",), -0.5, uncertain=True),
    _case("bluetopo_real", "noaa_bluetopo", (-67.030, 17.875, -67.022, 17.882), 2, ("BlueTopo_BH54S4ZB_20251117.tiff",), uncertain=True),
    _case("topobathy", "noaa_topobathy", (-70.772, 43.0005, -70.764, 43.006), 2,
          ("NH_Sample_Topobathy_2022_001.tif", "NH_Sample_Topobathy_2022_002.tif"), 0.3, filter={"min_year": 2020},
          survey="NH_Sample_Topobathy_2022_9901"),
    _case("lidar_ept", "usgs_lidar:ept", (-70.768, 43.006, -70.763, 43.010), 4, offset=0.25, survey="NH_SampleCoast_2022"),
    _case("bag", "ncei_bag", (-70.750, 42.975, -70.740, 42.985), 2, ("H19901_MB_4m_MLLW_1of1.bag",), -1.5, survey="H19901_MB_4m_MLLW_1of1",
          filter={"project_id": "H19901"}, download=True, uncertain=True),
    _case("bag_gz", "ncei_bag", (-74.0533, 40.6026, -74.0524, 40.6034), 2, ("H10990_MB_4m_MLLW_1of1.bag",), download=True,
          survey="H10990_MB_4m_MLLW_1of1"),
    _case("bag_vr", "ncei_bag", (-122.4256, 47.6719, -122.4240, 47.6730), 1, ("H13999_MB_VR_MLLW_1of1.bag",), download=True, uncertain=True,
          survey="H13999_MB_VR_MLLW_1of1", open_options=("MODE=RESAMPLED_GRID",), crs="EPSG:6339"),
    _case("bag_real", "ncei_bag", (-70.7060, 43.0655, -70.7050, 43.0662), 0.25, ("F00999_MB_50cm_MLLW_1of1.bag",), download=True, uncertain=True,
          survey="F00999_MB_50cm_MLLW_1of1"),
    _case("cudem", "ncei_cudem", (-70.755, 42.985, -70.745, 42.990), 2, ("ncei19_n43x00_w071x00_2021v1.tif", "ncei19_n43x00_w070x75_2021v1.tif"), 0.5,
          download=True),
    _case("gbr100", "jcu_gbr100", (145.55, -16.55, 145.62, -16.48), 50, ("Great%20Barrier%20Reef%20Bathymetry%202020%20100m.zip",), -1.25, download=True,
          survey="Great Barrier Reef Bathymetry 2020 100m"),
    _case("etopo", "etopo_2022", (-70.79, 42.96, -70.70, 43.03), 150, ("ETOPO_2022_v1_15s_N45W075_surface.tif",), 4.0,
          survey="ETOPO 2022 v1 15s surface", fine=False),
)}


RASTERS = [name for name, case in CASES.items() if case.provider != "usgs_lidar"]


def source_paths(case, contents):
    """The files that a case reads, as the archive holds them, for GDAL."""
    if case.name == "gebco":
        return [str(places.SAMPLE_COAST / "global_15s.nc")]
    paths = []
    for end in case.files:
        (item,) = [item for item in contents.of(case.provider) if item.url.endswith(end)]
        path = str(places.ARCHIVE / item.url.removeprefix("https://").replace("%20", " "))
        paths.append(f"/vsizip/{path}/{item.facts['member']}" if "member" in item.facts else path)
    return paths
