"""What the tests of faults read: a step of each kind of archive and a small window that it covers."""

import dataclasses

import policies


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    step: dict
    extent: tuple  # west, south, east, north
    resolution: float = 30
    is_empty: bool = False  # the requests are made, and there is nothing in the window

    def policy(self, path, **more):
        """Writes the policy, returns its path; `more` are keys of the step."""
        return policies.write(path, policies.policy([{**self.step, **more}], crs="EPSG:4326", resolution=self.resolution,
                                                    extent=list(self.extent)))


COAST = (-70.764, 42.985, -70.762, 42.987)
SHORE = (-70.767, 43.006, -70.765, 43.007)  # where the 1 m tile and the coastal lidar are
LONE_STAR = (-110.8070, 44.4182, -110.8067, 44.4186)

CASES = {case.name: case for case in (
    Case("gebco_2025", {"provider": "gebco_2025"}, COAST),
    Case("usgs_3dep_10m", {"provider": "usgs_3dep"}, COAST),
    Case("usgs_3dep_1m", {"provider": "usgs_3dep", "product": "1m"}, SHORE, 5),
    Case("usgs_3dep_stac", {"provider": "usgs_3dep", "product": "stac_10m"}, COAST),
    Case("copernicus_dsm", {"provider": "copernicus_dsm"}, COAST),
    Case("nasadem_stac", {"provider": "nasadem"}, COAST),
    Case("noaa_bluetopo", {"provider": "noaa_bluetopo"}, (-70.73, 42.97, -70.728, 42.972)),
    Case("noaa_topobathy", {"provider": "noaa_topobathy"}, SHORE),
    Case("usgs_lidar_copc", {"provider": "usgs_lidar"}, LONE_STAR, 2, is_empty=True),  # no point of it is ground
    Case("usgs_lidar_ept", {"provider": "usgs_lidar", "product": "ept"}, SHORE, 10),
    Case("ncei_bag", {"provider": "ncei_bag", "filter": {"include_patterns": ["H19901*"]}}, (-70.745, 42.985, -70.743, 42.987)),
    Case("ncei_bag_packed", {"provider": "ncei_bag"}, (-74.0528, 40.6031, -74.0523, 40.6034), 4),
    Case("ncei_cudem", {"provider": "ncei_cudem"}, COAST),
    Case("jcu_gbr100", {"provider": "jcu_gbr100"}, (145.6, -16.5, 145.61, -16.49), 100),
)}
