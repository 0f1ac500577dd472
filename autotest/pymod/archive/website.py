"""A plain web server with folders, as NCEI's and others' are: pages, files, Apache listings."""

import html as escaping
import time

from .messages import html
from .objects import answer_object


class WebSite:
    def __init__(self, store, host):
        self._store, self._host = store, host

    def answer(self, request):
        key = request.name
        resource = self._store.get(self._host, key)
        if resource is not None:
            return answer_object(request, resource, key)
        if key == "" or key.endswith("/"):
            page = self._listing(key)
            if page:
                return html(page)
        return html("<!DOCTYPE HTML><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>"
                    "<p>The requested URL was not found on this server.</p></body></html>", 404)

    def _listing(self, folder):
        names = sorted({key[len(folder):].split("/")[0] + ("/" if "/" in key[len(folder):] else "")
                        for key in self._store.keys(self._host) if key.startswith(folder)})
        rows = "".join(self._row(folder, name) for name in names)
        title = escaping.escape(f"Index of /{folder.rstrip('/')}")
        return (f"<!DOCTYPE HTML><html><head><title>{title}</title></head><body><h1>{title}</h1><table>"
                '<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th><th>Size</th></tr>'
                f'<tr><td>&nbsp;</td><td><a href="../">Parent Directory</a></td><td>-</td></tr>{rows}</table></body></html>'
                ) if names else ""

    def _row(self, folder, name):
        resource = None if name.endswith("/") else self._store.get(self._host, folder + name)
        when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(resource.modified)) if resource else "2025-01-01 03:04"
        size = f"{resource.size / 1e6:.1f}M" if resource else "-"
        label = escaping.escape(name if len(name) < 24 else name[:21] + "..>")
        return (f'<tr><td>&nbsp;</td><td><a href="{escaping.escape(name)}">{label}</a></td>'
                f'<td align="right">{when}</td><td align="right">{size}</td></tr>\n')
