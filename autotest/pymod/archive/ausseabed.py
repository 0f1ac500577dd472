"""The 100 m bathymetry of the Great Barrier Reef: one zip. The reef is the made-up ground, moved."""

import zipfile

import numpy as np

import sample_formats
from sample_coast import Grid
from sample_terrain import CENTRE_LAT, CENTRE_LON

from .vsimem import take
from .website import WebSite

HOST = "files.ausseabed.gov.au"
URL = f"https://{HOST}/survey/Great Barrier Reef Bathymetry 2020 100m.zip"
MEMBER = "Great_Barrier_Reef_2020_100m_MSL_cog.tif"
BOX = (145.3, -16.7, 145.9, -16.3)
REEF = (145.6, -16.5)  # where the made-up ground has its centre
OFFSET = -1.25


def hosts(store, contents):
    return {HOST: WebSite(store, HOST)}


def make(builder):
    grid = Grid.geographic("EPSG:4326", BOX, 1000)
    lon, lat = grid.lonlat()
    z = builder.terrain.at(lon - REEF[0] + CENTRE_LON, lat - REEF[1] + CENTRE_LAT)
    path = builder.path(URL)
    sample_formats.write_cog("/vsimem/archive/gbr.tif", grid, np.where(z < 15.0, z + OFFSET, -9999.0).astype(np.float32), -9999.0)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in (("readme.txt", b"Great Barrier Reef Bathymetry 2020 100m (made up)\n"),
                           (MEMBER, take("/vsimem/archive/gbr.tif"))):
            package.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 3, 4, 4)), body, zipfile.ZIP_DEFLATED)
    builder.add("jcu_gbr100", URL.replace(" ", "%20"), list(BOX), OFFSET, 100.0, "MSL", 2020,
                facts={"member": MEMBER, "moved": [REEF[0] - CENTRE_LON, REEF[1] - CENTRE_LAT]})
