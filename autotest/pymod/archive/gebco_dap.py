"""GEBCO at CEDA: the world on a DAP2 server, computed as it is asked for."""

import re
import urllib.parse

from . import dap2, gebco_grid
from .messages import html, text

HOST = "dap.ceda.ac.uk"
BASE = f"https://{HOST}/thredds/dodsC/bodc/gebco/global/gebco_"
LARGEST = 64 << 20  # bytes of an answer; the service has a limit too
DATASETS = re.compile(r"bodc/gebco/global/gebco_(?P<year>202[3-6])/(?P<folder>\w+)/netcdf/(?P<file>\w+\.nc)")
FILES = {("ice_surface_elevation", "GEBCO_{}.nc"): "elevation", ("ice_surface_elevation", "gebco_{}.nc"): "elevation",
         ("sub_ice_topography_bathymetry", "gebco_{}_sub_ice.nc"): "elevation",
         ("type_identifier_grid", "gebco_{}_tid.nc"): "tid"}


def hosts(store, contents):
    return {HOST: DapServer()}


def elevation_url(year=2025):
    return f"{BASE}{year}/sub_ice_topography_bathymetry/netcdf/gebco_{year}_sub_ice.nc"


def tid_url(year=2025):
    return f"{BASE}{year}/type_identifier_grid/netcdf/gebco_{year}_tid.nc"


class DapServer:
    def answer(self, request):
        path, _, suffix = request.name.removeprefix("thredds/dodsC/").rpartition(".")
        variable = self._variable(path)
        if variable is None or suffix not in ("dds", "das", "dods", "ascii", "html"):
            return _error(404, f"{request.name} is not a dataset")
        if re.search(r"[\[\]]", request.query):
            return html("<html><body><h1>HTTP Status 400 - Bad Request</h1>Invalid character found in the request target"
                        "</body></html>", 400)  # Tomcat wants brackets percent-encoded
        try:
            return self._serve(path, variable, suffix, urllib.parse.unquote(request.query))
        except dap2.BadConstraint as error:
            return _error(400, str(error))
        except dap2.TooLarge as error:
            return _error(403, str(error))

    @staticmethod
    def _variable(path):
        match = DATASETS.fullmatch(path)
        known = match and {(folder, name.format(match["year"])): variable for (folder, name), variable in FILES.items()}
        return known.get((match["folder"], match["file"])) if known else None

    @staticmethod
    def _serve(path, variable, suffix, constraint):
        dataset = gebco_grid.dataset(variable)
        if suffix == "das":
            return _described(dataset.das(), "dods-das")
        if suffix == "html":
            return html(f"<html><body>OPeNDAP Dataset Access Form {path}</body></html>")
        wanted = dap2.parse(constraint, dataset)
        if suffix == "dds":
            return _described(dataset.dds(wanted, path), "dods-dds")
        if dataset.size(wanted) > LARGEST:
            raise dap2.TooLarge(f"Request too big={dataset.size(wanted) / 1e6} Mbytes, max={LARGEST / 1e6}")
        if suffix == "dods":
            answer = text(dataset.dods(wanted, path), "application/octet-stream")
            return _with_headers(answer, "dods-data")
        return _described(dataset.ascii(wanted, path), "dods-data")


def _described(body, description):
    return _with_headers(text(body, "text/plain"), description)


def _with_headers(answer, description):
    answer.headers |= {"XDODS-Server": "opendap/3.7", "Content-Description": description}
    return answer


def _error(code, message):
    return text(f'Error {{\n    code = {code};\n    message = "{message}";\n}};\n', "text/plain", code,
                **{"Content-Description": "dods-error"})
