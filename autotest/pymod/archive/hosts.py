"""Which host is played by what."""

import importlib

from .s3 import Bucket, PathStyle

MODULES = ("bluetopo", "ncei", "coastal_lidar", "inport", "threedep", "tnm", "planetary_computer", "copernicus", "gebco_dap",
           "usgs_lidar", "ausseabed", "vdatum", "proj_cdn")


def all_hosts(store, contents):
    """{host: something with answer(request)}; "*.blob.core.windows.net" stands for all of a kind. A host that two archives
    share is of the first."""
    found = {}
    for name in MODULES:
        for host, played in importlib.import_module(f".{name}", __package__).hosts(store, contents).items():
            found.setdefault(host, played)
    buckets = {played.name: played for played in found.values() if isinstance(played, Bucket)}
    return {**found, "s3.amazonaws.com": PathStyle(buckets)}
