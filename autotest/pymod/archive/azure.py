"""Blob storage of Azure behind signatures: 409 for who has none, 403 for one that is wrong or old."""

import hashlib
import hmac
import time
import urllib.parse

from .messages import xml
from .objects import answer_object


class Signing:
    """Makes and checks tokens of a container. `lifetime`: seconds; tests make it short, or call expire()."""

    def __init__(self):
        self.lifetime = 2700.0
        self._secret = 0

    def expire(self):
        """No token given so far is worth anything any more."""
        self._secret += 1

    def token(self, account, container):
        end = time.time() + self.lifetime
        return {"msft:expiry": _iso(end), "token": urllib.parse.urlencode(
            {"st": _iso(end - self.lifetime - 60), "se": _iso(end), "sp": "rl", "sv": "2024-05-04", "sr": "c",
             "sig": self._signature(account, container, _iso(end))})}

    def accepts(self, account, container, parameters):
        end = parameters.get("se", "")
        return hmac.compare_digest(parameters.get("sig", ""), self._signature(account, container, end)) and end > _iso(time.time())

    def _signature(self, account, container, end):
        key = f"{self._secret}".encode()
        return hmac.new(key, f"{account}/{container}/{end}".encode(), hashlib.sha256).hexdigest()


class BlobHost:
    """Every account: *.blob.core.windows.net. Suffix ranges are not known there: all comes."""

    def __init__(self, store, signing):
        self._store, self._signing = store, signing

    def answer(self, request):
        account = request.host.split(".")[0]
        container = request.name.split("/")[0]
        parameters = request.parameters
        if "sig" not in parameters:
            return _error(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.")
        if not self._signing.accepts(account, container, parameters):
            return _error(403, "AuthenticationFailed", "Server failed to authenticate the request. Make sure the value of "
                          "Authorization header is formed correctly including the signature.")
        resource = self._store.get(request.host, request.name)
        if resource is None:
            return _error(404, "BlobNotFound", "The specified blob does not exist.")
        return answer_object(request, resource, request.name, suffix_ranges=False)


def _iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _error(status, code, message):
    answer = xml(f"<Error><Code>{code}</Code><Message>{message}</Message></Error>", status)
    answer.headers["x-ms-error-code"] = code
    return answer
