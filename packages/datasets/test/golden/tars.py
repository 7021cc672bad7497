"""Small tars as Python's tarfile writes them: `python tars.py` writes tars/.

In each of its three formats (PAX is the default since Python 3.8): a short name, a name that ustar splits in two, a name
that it has no room for (PAX and GNU), a name that is not ASCII, a folder, a hard link, a symbolic link. expected.json has
where tarfile itself finds each file's bytes.
"""
import io
import json
import tarfile
from pathlib import Path

HERE = Path(__file__).parent / "tars"
HERE.mkdir(exist_ok=True)

SHORT = "train/cat/1.png"
SPLIT = "train/" + "a" * 80 + "/" + "b" * 60 + ".png"
LONG = "train/" + "ä" * 60 + "/" + "c" * 120 + ".png"
UMLAUT = "train/Bär/1 süß.png"
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def entry(name, kind=tarfile.REGTYPE, **more):
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in more.items():
        setattr(info, key, value)
    return info


expected = {}
for name, kind in FORMATS.items():
    path = HERE / f"{name}.tar"
    headers = {"pax_headers": {"comment": "of all files"}} if name == "pax" else {}
    with tarfile.open(path, "w", format=kind, **headers) as tar:
        tar.addfile(entry("train", tarfile.DIRTYPE))
        for i, file in enumerate([SHORT, SPLIT, UMLAUT] + ([LONG] if name != "ustar" else [])):
            content = f"{i}: the bytes of a picture\n".encode() * (1 + 30 * i)
            tar.addfile(entry(file, size=len(content)), io.BytesIO(content))
        tar.addfile(entry("train/cat/2.png", tarfile.LNKTYPE, linkname=SHORT if name == "ustar" else LONG))
        tar.addfile(entry("train/cat/3.png", tarfile.SYMTYPE, linkname="1.png"))
    # Padding to whole records of 10,240 bytes is of no interest.
    path.write_bytes(path.read_bytes().rstrip(b"\0"))
    path.write_bytes(path.read_bytes() + b"\0" * (-path.stat().st_size % 512 + 1024))
    with tarfile.open(path) as tar:
        files = {m.name: [m.offset_data, m.size] for m in tar if m.isreg()}
        links = {m.name: files[m.linkname] for m in tar if m.islnk()}
    expected[name] = {**files, **links}

# A file with a hole, in GNU's old way and in PAX's, as GNU tar writes them: the headers alone.
info = entry("train/hole.png", size=0)
info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "4096"}
(HERE / "sparse-pax.tar").write_bytes(info.tobuf(tarfile.PAX_FORMAT) + b"\0" * 1024)
info = entry("train/hole.png", tarfile.GNUTYPE_SPARSE, size=0)
(HERE / "sparse-gnu.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024)
# 8 GiB and more do not fit the octal digits of a length: GNU writes base 256, PAX a record. Cut short on purpose.
for name, kind in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
    info = entry("train/large.png", size=9 * 2**30)
    (HERE / f"large-{name}.tar").write_bytes(info.tobuf(kind) + b"\0" * 1024)

(HERE / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
