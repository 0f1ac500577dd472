"""What the archives hold: makes it once into a folder and keeps a list of what lies where (`contents.json`)."""

import dataclasses
import fcntl
import hashlib
import importlib
import json
import pathlib
import shutil

import places
import sample_coast
from sample_terrain import Terrain

MAKERS = ("bluetopo", "ncei", "coastal_lidar", "threedep", "copernicus", "usgs_lidar", "planetary_computer", "ausseabed",
          "proj_cdn", "vdatum", "etopo")


@dataclasses.dataclass
class Item:
    """One file of an archive."""

    archive: str  # canonical name of the provider; "ncei_surveys": a row of the survey service, no file
    url: str  # as published
    box: list  # west, south, east, north of what it holds data for, degrees
    offset: float = None  # metres above the made-up ground; None = it is of another ground
    resolution: float = None  # metres
    datum: str = ""  # as its archive states it, "" = not stated
    year: int = None
    tile_box: list = None  # of the whole file, when it is larger
    facts: dict = dataclasses.field(default_factory=dict)

    @property
    def name(self):
        return self.url.rsplit("/", 1)[1]


class Contents:
    def __init__(self, items):
        self.items = items

    def of(self, archive, **facts):
        """Items of an archive, those with these facts."""
        return [item for item in self.items if item.archive == archive
                and all(item.facts.get(name) == value for name, value in facts.items())]

    def file(self, name):
        """The one file whose URL ends so."""
        (item,) = [item for item in self.items if item.url.endswith(name) and item.archive != "ncei_surveys"]
        return item


class Builder:
    """What the modules that make content are given."""

    def __init__(self, folder, coast, data):
        self._folder = folder
        self.coast = coast  # Path of the sample coast
        self.data = data  # Path of the real data
        self.terrain = Terrain()
        self.items = []
        with open(coast / "manifest.json", encoding="utf-8") as file:
            self.manifest = {facts["file"]: facts for facts in json.load(file)["files"]}

    def path(self, url):
        """The file behind a published URL without percent signs; its folder is made."""
        path = self._folder / url.removeprefix("https://")
        path.parent.mkdir(parents=True, exist_ok=True)
        return str(path)

    def write(self, url, body):
        pathlib.Path(self.path(url)).write_bytes(body if isinstance(body, bytes) else body.encode())

    def copy(self, source, url):
        shutil.copyfile(source, self.path(url))

    def add(self, *arguments, **facts):
        self.items.append(Item(*arguments, **facts))


def make(folder):
    """Fills `folder` unless it is complete and of this version. Safe against a second process that does the same."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = folder / ".stamp"
        wanted = _hash()
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        stamp.unlink(missing_ok=True)
        _fill(folder)
        stamp.write_text(wanted)


def read(folder):
    with open(pathlib.Path(folder) / "contents.json", encoding="utf-8") as file:
        return Contents([Item(**item) for item in json.load(file)])


def _fill(folder):
    for old in folder.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
    sample_coast.make_sample_coast(str(places.SAMPLE_COAST))
    builder = Builder(folder, places.SAMPLE_COAST, places.SHARED_DATA)
    for name in MAKERS:
        importlib.import_module(f".{name}", __package__).make(builder)
    with open(folder / "contents.json", "w", encoding="utf-8") as file:
        json.dump([dataclasses.asdict(item) for item in builder.items], file, indent=1)


def _hash():
    """Of everything that content is made with."""
    digest = hashlib.sha256(str(places.SHARED_DATA).encode())
    here = pathlib.Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.parent.glob("sample_*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
