"""Image sets from tiny files, with a mirror on this machine in place of the network."""

import functools
import gzip
import hashlib
import http.server
import io
import os
import re
import tarfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from book import datasets, downloads
from book.datasets import CIFAR_ARCHIVE, CIFAR_FOLDER, DataError
from fpkit.tests import HOUR

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (7, 4, 5), dtype=np.uint8)
LABELS = np.array([3, 0, 9, 3, 1, 0, 7], np.uint8)
COLOURS = RNG.integers(0, 256, (7, 3, 32, 32), dtype=np.uint8)
MNIST_TRAIN = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"


def idx(array):
    head = b"\0\0\x08" + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return gzip.compress(head + array.tobytes(), mtime=0)


def records(colours=COLOURS, labels=LABELS):
    return np.column_stack([labels, colours.reshape(len(colours), -1)]).tobytes()


def archive(**members):
    """Return a tar.gz with data_batch_1 … 5 and test_batch of the given contents."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(f"{CIFAR_FOLDER}/{name}.bin")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file.getvalue()


FILES = {
    "train-images-idx3-ubyte.gz": idx(PIXELS),
    "train-labels-idx1-ubyte.gz": idx(LABELS),
    "t10k-images-idx3-ubyte.gz": idx(PIXELS[:2]),
    "t10k-labels-idx1-ubyte.gz": idx(LABELS[:2]),
    CIFAR_ARCHIVE: archive(
        **{f"data_batch_{i}": records() for i in range(1, 6)}, test_batch=records()
    ),
}


def put(folder, name, content):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def know(monkeypatch, name, content):
    monkeypatch.setitem(downloads.SHA256, name, hashlib.sha256(content).hexdigest())


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@contextmanager
def serving(handler):
    """Serve on this machine; the address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """An empty cache, no FPKIT_DATA, tiny files with known checksums, and mirrors out of reach."""
    monkeypatch.delenv("FPKIT_DATA", raising=False)
    monkeypatch.setattr(downloads.pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    for name, content in FILES.items():
        know(monkeypatch, name, content)
    for mirrors in ("MNIST_MIRRORS", "CIFAR_MIRRORS"):
        monkeypatch.setattr(datasets, mirrors, ("http://127.0.0.1:9/a/", "http://127.0.0.1:9/b/"))
    return tmp_path / "cache" / "fpkit"


@pytest.fixture
def own(monkeypatch, tmp_path):
    """A folder that FPKIT_DATA names, with all files."""
    folder = tmp_path / "own"
    for name, content in FILES.items():
        put(folder if name == CIFAR_ARCHIVE else folder / "mnist", name, content)
    monkeypatch.setenv("FPKIT_DATA", str(folder))
    return folder


@pytest.fixture
def mirror(monkeypatch, tmp_path):
    """A mirror that works, second in the list, and the folder that it serves."""
    served = tmp_path / "served"
    for name, content in FILES.items():
        put(served, name, content)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            asked.append(self.path)

    asked = []
    handler = functools.partial(Handler, directory=served)
    with serving(handler) as address:
        for mirrors in ("MNIST_MIRRORS", "CIFAR_MIRRORS"):
            monkeypatch.setattr(datasets, mirrors, ("http://127.0.0.1:9/", address))
        yield served, asked


def assert_tiny_mnist(images):
    assert images.shape == (4, 5)
    assert images.images.dtype == np.float32
    np.testing.assert_allclose(images.images, PIXELS.reshape(7, -1) / 255, rtol=1e-6)
    assert images.labels.tolist() == LABELS.tolist()


# --- reading ---------------------------------------------------------------------------------


def test_mnist_from_own_folder(own):
    images = datasets.load("mnist")
    assert_tiny_mnist(images)
    assert (images.name, images.full) == ("mnist train", 60_000)
    assert str(images) == "mnist train: 7 of 60,000 images"
    assert len(datasets.load("mnist", "test")) == 2


@pytest.mark.parametrize(("part", "times"), [("train", 5), ("test", 1)])
def test_cifar_from_the_archive(own, part, times):
    images = datasets.load("cifar-10", part)
    assert images.shape == (3, 32, 32)
    assert images.labels.tolist() == times * LABELS.tolist()
    np.testing.assert_allclose(images.images[:7], COLOURS.reshape(7, -1) / 255, rtol=1e-6)


def test_a_part_of_cifar_is_used_and_its_size_is_told(own, capsys):
    put(own / CIFAR_FOLDER, "data_batch_2.bin", records()[: 3 * 3073])
    images = datasets.load("cifar-10")
    assert images.labels.tolist() == [3, 0, 9]
    assert "cifar-10 train: 3 of 50,000 images in " in capsys.readouterr().out


def test_digits_need_no_file():
    train, test = datasets.load(), datasets.load("digits", "test")
    assert (len(train), len(test), train.shape) == (1500, 297, (8, 8))
    assert (train.images.min(), train.images.max()) == (0, 1)
    assert set(train.labels) == set(range(10))


def test_first_and_only_and_one_hot():
    images = datasets.load().first(40)
    assert len(images) == 40
    pair = images.only([1, 7])
    assert set(pair.labels) == {1, 7}
    assert np.array_equal(pair.images, images.images[np.isin(images.labels, [1, 7])])
    table = images.one_hot()
    assert table.sum() == 40
    assert np.array_equal(table.argmax(axis=1), images.labels)
    np.testing.assert_allclose(images.one_hot(centred=True).sum(axis=0), 0, atol=1e-5)


# --- where from ------------------------------------------------------------------------------


def test_own_folder_comes_before_the_cache(own, cache):
    for name in MNIST_TRAIN:
        put(cache / "mnist", name, b"never read")
    assert_tiny_mnist(datasets.load("mnist"))


def test_cache_comes_before_the_mirrors(cache):
    for name in MNIST_TRAIN:
        put(cache / "mnist", name, FILES[name])
    assert_tiny_mnist(datasets.load("mnist"))


def test_an_own_folder_without_the_file_is_no_error(monkeypatch, tmp_path, cache):
    monkeypatch.setenv("FPKIT_DATA", str(tmp_path))
    test_cache_comes_before_the_mirrors(cache)


def test_mirrors_are_tried_in_turn_and_the_file_is_kept(mirror, cache):
    assert_tiny_mnist(datasets.load("mnist"))
    assert contents(cache / "mnist").keys() == {Path(name) for name in MNIST_TRAIN}
    asked = list(mirror[1])
    assert_tiny_mnist(datasets.load("mnist"))
    assert mirror[1] == asked  # nothing was asked again


def test_cifar_is_downloaded_as_one_archive(mirror, cache):
    assert len(datasets.load("cifar-10")) == 35
    assert contents(cache).keys() == {Path(CIFAR_ARCHIVE)}


def test_a_damaged_file_in_the_cache_is_replaced(mirror, cache):
    put(cache / "mnist", MNIST_TRAIN[0], b"damaged")
    assert_tiny_mnist(datasets.load("mnist"))


def torchvision(own):
    """Move the files to where torchvision keeps them, MNIST also unpacked; its folder."""
    raw = own / "MNIST" / "raw"
    raw.parent.mkdir(exist_ok=True)  # on some systems it is there under its other name
    os.renames(own / "mnist", raw)
    (own / CIFAR_ARCHIVE).unlink()
    for path in list(raw.iterdir()):
        put(raw, path.stem, gzip.decompress(path.read_bytes()))
    put(own / "cifar-10-batches-py", "data_batch_1", b"a pickle")
    return raw


def test_mnist_as_torchvision_keeps_it(own):
    torchvision(own)
    assert_tiny_mnist(datasets.load("mnist"))
    assert datasets.local("mnist")


def test_what_torchvision_keeps_and_is_not_read_is_told(own, mirror, cache):
    """Though it could be downloaded; in the cache it is taken."""
    raw = torchvision(own)
    for path in raw.glob("*.gz"):
        path.unlink()
    message = rf"FPKIT_DATA: {raw}/train-images-idx3-ubyte is unpacked; expected mnist/train-images"
    with pytest.raises(DataError, match=message):
        datasets.load("mnist")
    message = (
        r"FPKIT_DATA: .*cifar-10-batches-py is the version for Python, .*; expected cifar-10-b"
    )
    with pytest.raises(DataError, match=message):
        datasets.load("cifar-10")
    assert mirror[1] == []
    put(cache, CIFAR_ARCHIVE, FILES[CIFAR_ARCHIVE])
    assert len(datasets.load("cifar-10")) == 35


def test_a_tilde_in_own_folder_is_the_home(own, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(own.parent))
    monkeypatch.setenv("FPKIT_DATA", f"~/{own.name}")
    assert_tiny_mnist(datasets.load("mnist"))
    monkeypatch.setenv("FPKIT_DATA", "~nobody-is-called-so/data")
    with pytest.raises(DataError, match="FPKIT_DATA: ~nobody-is-called-so/data names a home that"):
        datasets.load("mnist")


def test_local(own, monkeypatch, cache):
    assert all(datasets.local(name) for name in datasets.SETS)
    monkeypatch.delenv("FPKIT_DATA")
    assert [datasets.local(name) for name in ("digits", "mnist", "cifar-10")] == [
        True,
        False,
        False,
    ]
    put(cache, CIFAR_ARCHIVE, FILES[CIFAR_ARCHIVE])
    assert datasets.local("cifar-10")


def test_a_folder_with_a_part_of_cifar_is_local(monkeypatch, tmp_path):
    monkeypatch.setenv("FPKIT_DATA", str(tmp_path))
    put(tmp_path / CIFAR_FOLDER, "data_batch_1.bin", records())
    assert datasets.local("cifar-10")


# --- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file"), [("mnist", f"mnist/{MNIST_TRAIN[0]}"), ("cifar-10", CIFAR_ARCHIVE)]
)
def test_no_network(name, file, cache):
    with pytest.raises(DataError) as raised:
        datasets.load(name)
    message = str(raised.value)
    assert "could not be downloaded (http://127.0.0.1:9/a/: " in message
    assert "; http://127.0.0.1:9/b/: " in message
    assert f"put the file at {cache / file}, or at {file} in a folder that FPKIT_DATA" in message
    assert contents(cache) == {}


@pytest.mark.parametrize(
    "damaged", [b"", b"something else", FILES[MNIST_TRAIN[0]][:-9]], ids=["empty", "other", "cut"]
)
def test_a_damaged_download_is_not_kept(mirror, cache, damaged):
    kept = put(cache / "mnist", MNIST_TRAIN[1], FILES[MNIST_TRAIN[1]])
    put(mirror[0], MNIST_TRAIN[0], damaged)
    before = contents(cache)
    with pytest.raises(DataError, match=r"images-idx3.* could not be downloaded .*hash"):
        datasets.load("mnist")
    assert contents(cache) == before
    assert kept.is_file()


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("half", "IncompleteRead"),
        ("half without saying so", "hash"),
        ("another file", "hash"),
        ("silence", "Read timed out"),
        ("missing", "404 Client Error"),
    ],
)
def test_a_faulty_mirror_is_named_and_the_next_is_asked(monkeypatch, cache, mirror, fault, message):
    released = threading.Event()

    class Faulty(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content = FILES[self.path[1:]]
            if fault == "silence":
                released.wait(HOUR)
                return
            self.send_response(404 if fault == "missing" else 200)
            if fault != "half without saying so":
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[::-1] if fault == "another file" else content[:-9])

        def log_message(self, *args):
            pass

    monkeypatch.setattr(downloads, "TIMEOUT", 0.2 if fault == "silence" else HOUR)
    wanted, (_, good) = f"mnist/{MNIST_TRAIN[0]}", datasets.MNIST_MIRRORS
    put(cache / "mnist", MNIST_TRAIN[1], FILES[MNIST_TRAIN[1]])
    before = contents(cache)
    with serving(Faulty) as bad:
        with pytest.raises(
            DataError, match=rf"not be downloaded \({bad}: .*{message}.*\); put the"
        ):
            downloads.fetch(wanted, [bad])
        assert contents(cache) == before
        monkeypatch.setattr(downloads, "TIMEOUT", HOUR)
        released.set()  # now it hangs up without a word
        path = downloads.fetch(wanted, [bad, good])
    assert path.read_bytes() == FILES[MNIST_TRAIN[0]]


class Interrupted(http.server.SimpleHTTPRequestHandler):
    """Send half of what is asked for, or, from the second time on, the rest; note what was asked.

    ``ranges`` says whether it can send what follows a byte.
    """

    ranges = True

    def do_GET(self):
        content, asked = FILES[self.path[1:]], self.headers.get("Range")
        self.asked.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = len(content) // 2 if len(self.asked) == 1 else len(content)
        self.wfile.write(content[start:end])

    def log_message(self, *args):
        pass


@pytest.mark.parametrize("ranges", [True, False])
def test_an_interrupted_download_goes_on_where_it_was(monkeypatch, cache, ranges):
    """Or begins anew, if the mirror can send nothing but the whole."""
    content = np.random.default_rng(0).bytes(10_000)
    monkeypatch.setitem(FILES, "big.gz", content)
    know(monkeypatch, "big.gz", content)
    asked = []
    members = {"asked": asked, "ranges": ranges}
    with serving(type("Handler", (Interrupted,), members)) as address:
        with pytest.raises(DataError, match="IncompleteRead"):
            downloads.fetch("big.gz", [address])
        ((path, begun),) = contents(cache).items()
        assert path.name == "big.gz.part"
        assert begun == content[: len(begun)] != b""
        assert downloads.fetch("big.gz", [address]).read_bytes() == content
    assert asked == [None, f"bytes={len(begun)}-", *([] if ranges else [None])]
    assert contents(cache) == {Path("big.gz"): content}


def test_a_download_stopped_by_hand_is_kept_and_goes_on(cache, monkeypatch):
    name, content = MNIST_TRAIN[0], FILES[MNIST_TRAIN[0]]

    def stop(self, address, file, _):
        file.write(content[:40])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(downloads.pooch.HTTPDownloader, "__call__", stop)
        with pytest.raises(KeyboardInterrupt):
            downloads.fetch(f"mnist/{name}", ["http://127.0.0.1:9/"])
    assert contents(cache) == {Path("mnist", f"{name}.part"): content[:40]}
    with pytest.raises(DataError, match="could not be downloaded"):  # nor is it lost by this
        downloads.fetch(f"mnist/{name}", ["http://127.0.0.1:9/"])
    asked = [None]  # as if the first half was sent
    with serving(type("Handler", (Interrupted,), {"asked": asked})) as address:
        assert downloads.fetch(f"mnist/{name}", [address]).read_bytes() == content
    assert asked == [None, "bytes=40-"]


@pytest.mark.parametrize("kept", [b"of another file", FILES[MNIST_TRAIN[0]] + b"more"])
def test_a_beginning_of_no_use_is_left(cache, kept):
    name, content = MNIST_TRAIN[0], FILES[MNIST_TRAIN[0]]
    put(cache / "mnist", f"{name}.part", kept)
    asked = [None]
    with serving(type("Handler", (Interrupted,), {"asked": asked})) as address:
        assert downloads.fetch(f"mnist/{name}", [address]).read_bytes() == content
    assert asked == [None, f"bytes={len(kept)}-", None]
    assert contents(cache) == {Path("mnist", name): content}


def test_two_may_download_the_same_file_at_once(cache):
    both = threading.Barrier(2, timeout=HOUR)

    class Together(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            both.wait()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(FILES[self.path[1:]])

        def log_message(self, *args):
            pass

    with serving(Together) as address, ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(downloads.fetch, CIFAR_ARCHIVE, [address]) for _ in range(2)]
        assert [path.result() for path in asked] == [cache / CIFAR_ARCHIVE] * 2
    assert contents(cache) == {Path(CIFAR_ARCHIVE): FILES[CIFAR_ARCHIVE]}


def test_nothing_of_an_archive_is_written_anywhere(own, monkeypatch, tmp_path):
    """It is read by the names of its parts, so that paths and links in it lead nowhere."""
    hostile = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(FILES[CIFAR_ARCHIVE])) as old,
        tarfile.open(fileobj=hostile, mode="w:gz") as new,
    ):
        for name in ("../../escaped", str(tmp_path / "escaped"), f"{CIFAR_FOLDER}/../../escaped"):
            new.addfile(tarfile.TarInfo(name))
        link = tarfile.TarInfo(CIFAR_FOLDER)
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
        new.addfile(link)
        for member in old:
            new.addfile(member, old.extractfile(member))
    put(own, CIFAR_ARCHIVE, hostile.getvalue())
    know(monkeypatch, CIFAR_ARCHIVE, hostile.getvalue())
    before = contents(tmp_path)
    assert len(datasets.load("cifar-10")) == 35
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "damaged", [b"", b"something else", FILES[MNIST_TRAIN[0]][:-9]], ids=["empty", "other", "cut"]
)
def test_a_damaged_file_in_own_folder_is_told_and_left(own, damaged):
    path = put(own / "mnist", MNIST_TRAIN[0], damaged)
    with pytest.raises(DataError, match=rf"{re.escape(str(path))} is not the known file .* unset"):
        datasets.load("mnist")
    assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"\0\0\x0d\x01"), "not an IDX file of bytes: it begins with 00 00 0d 01"),
        (gzip.compress(b""), "not an IDX file of bytes"),
        (FILES[MNIST_TRAIN[0]][:-9], "is damaged: "),
        (b"plain", "is damaged: "),
        (gzip.compress(gzip.decompress(idx(PIXELS))[:-1]), r"\(7, 4, 5\) announced, 139 bytes"),
        (idx(PIXELS[:5]), "mnist train: 5 images but 7 labels"),
    ],
    ids=["numbers of another kind", "nothing", "cut", "not packed", "a pixel less", "labels"],
)  # fmt: skip
def test_a_file_that_is_not_what_it_should_be(own, monkeypatch, content, message):
    put(own / "mnist", MNIST_TRAIN[0], content)
    know(monkeypatch, MNIST_TRAIN[0], content)
    with pytest.raises(DataError, match=message):
        datasets.load("mnist")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (records()[:-1], r"data_batch_1.bin is damaged: 21510 bytes are not images of 3,073"),
        (b"", r"data_batch_1.bin is damaged: 0 bytes"),
        (records(labels=LABELS + 1), "cifar-10 train: expected labels from 0 to 9, got 10"),
    ],
)
def test_a_damaged_part_of_cifar(own, content, message):
    path = put(own / CIFAR_FOLDER, "data_batch_1.bin", content)
    with pytest.raises(DataError, match=message):
        datasets.load("cifar-10")
    assert path.read_bytes() == content


def test_a_cifar_folder_without_the_part(own):
    put(own / CIFAR_FOLDER, "test_batch.bin", records())
    with pytest.raises(DataError, match=r"expected data_batch_1.bin, found no file of the train"):
        datasets.load("cifar-10")


@pytest.mark.parametrize(
    "wrong", ["missing", "mnist", CIFAR_FOLDER, "MNIST", "MNIST/raw", "cifar-10-batches-py"]
)
def test_wrong_own_folder(own, monkeypatch, wrong):
    if wrong != "missing":
        (own / wrong).mkdir(exist_ok=True, parents=True)
    monkeypatch.setenv("FPKIT_DATA", str(own / wrong))
    message = "is not a folder" if wrong == "missing" else f"name the folder above, {own}, instead"
    with pytest.raises(DataError, match=rf"FPKIT_DATA: .*{re.escape(message)}"):
        datasets.load("mnist")


def test_unwritable_cache(cache):
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    folder = re.escape(str(cache / "mnist"))
    with pytest.raises(DataError, match=rf"cannot write to {folder}: .*; set FPKIT_DATA to"):
        datasets.load("mnist")
    assert cache.read_text().startswith("a file")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: datasets.load("mnits"), "name: 'mnits' is not known; did you mean 'mnist'"),
        (lambda: datasets.load("digits", "trian"), "part: 'trian' is not known; did you mean"),
        (lambda: datasets.local("mnits"), "name: 'mnits' is not known"),
        (lambda: datasets.load().first(2000), "count: digits train has 1500 images, got 2000"),
        (lambda: datasets.load().first(0), "count: expected a whole number of at least 1, got 0"),
        (lambda: datasets.load().only([3, 10]), "classes: expected numbers from 0 to 9, got .*10"),
        (lambda: datasets.load().only([-1]), "classes: expected numbers from 0 to 9"),
        (lambda: datasets.load().only([]), "classes: expected numbers from 0 to 9"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- the real files --------------------------------------------------------------------------

OWN = os.environ.get("FPKIT_DATA")  # read before the fixture unsets it


@pytest.mark.skipif(not OWN, reason="FPKIT_DATA is not set: no real data to read")
@pytest.mark.parametrize(("part", "count"), [("train", 60_000), ("test", 10_000)])
def test_real_mnist(monkeypatch, part, count):
    monkeypatch.undo()
    images = datasets.load("mnist", part)
    assert images.images.shape == (count, 784)
    assert 0.12 < images.images.mean() < 0.14
    assert np.bincount(images.labels).min() > 0.08 * count


@pytest.mark.skipif(not OWN, reason="FPKIT_DATA is not set: no real data to read")
def test_real_cifar(monkeypatch):
    monkeypatch.undo()
    images = datasets.load("cifar-10")
    assert images.images.shape == (len(images), 3072)
    assert 0.4 < images.images.mean() < 0.55
    assert set(images.labels) == set(range(10))
