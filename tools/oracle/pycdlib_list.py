"""Prints what pycdlib makes of an image, in the text form of tools/oracle/listing.h.

usage: pycdlib_list.py IMAGE iso|rr|joliet|udf

One tab-separated line an entry: path type mode uid gid nlink mtime size sha256 target
major,minor inode, with "-" for what pycdlib or the tree does not tell.
"""

import calendar
import hashlib
import stat
import sys

import pycdlib

KEYWORDS = {"iso": "iso_path", "rr": "rr_path", "joliet": "joliet_path", "udf": "udf_path"}

LETTERS = {
    stat.S_IFREG: "f",
    stat.S_IFDIR: "d",
    stat.S_IFLNK: "l",
    stat.S_IFBLK: "b",
    stat.S_IFCHR: "c",
    stat.S_IFIFO: "p",
    stat.S_IFSOCK: "s",
}


def escape(name):
    out = []
    for byte in name.encode("utf-8", "surrogateescape"):
        if byte == 0x5C:
            out.append("\\\\")
        elif byte == 0x09:
            out.append("\\t")
        elif byte == 0x0A:
            out.append("\\n")
        elif byte < 0x20 or byte >= 0x7F:
            out.append("\\x%02x" % byte)
        else:
            out.append(chr(byte))
    return "".join(out)


def seconds(year, month, day, hour, minute, second, quarters):
    """Seconds since 1970 UTC of a local time whose zone is `quarters` of an hour east."""
    return calendar.timegm((year, month, day, hour, minute, second)) - quarters * 900


def directory_record_time(date):
    return seconds(
        1900 + date.years_since_1900,
        date.month,
        date.day_of_month,
        date.hour,
        date.minute,
        date.second,
        date.gmtoffset,
    )


def rock_ridge(record, entry):
    """Fills in what Rock Ridge tells."""

    def find(name):
        for entries in (record.rock_ridge.dr_entries, record.rock_ridge.ce_entries):
            found = getattr(entries, name, None)
            if found is not None:
                return found
        return None

    px = find("px_record")
    if px is not None:
        entry["type"] = LETTERS[stat.S_IFMT(px.posix_file_mode)]
        entry["mode"] = "%04o" % stat.S_IMODE(px.posix_file_mode)
        entry["uid"] = px.posix_user_id
        entry["gid"] = px.posix_group_id
        entry["nlink"] = px.posix_file_links
    tf = find("tf_record")
    # RRIP 4.1.6 has creation, modify, access; pycdlib 1.12 calls the latter two the other way
    # round, whatever the image. The long form of 17 bytes is left alone.
    if tf is not None and hasattr(tf.access_time, "years_since_1900"):
        entry["mtime"] = directory_record_time(tf.access_time)
    pn = find("pn_record")
    if pn is not None:
        # As Linux reads it: a low half alone is the old form of eight bits each.
        old = pn.dev_t_high == 0 and pn.dev_t_low > 0xFF
        entry["device"] = "%d,%d" % (
            (pn.dev_t_low >> 8, pn.dev_t_low & 0xFF) if old else (pn.dev_t_high, pn.dev_t_low)
        )
    if record.rock_ridge.is_symlink():
        target = record.rock_ridge.symlink_path()
        entry["target"] = target.decode("utf-8", "surrogateescape")


def udf(record, entry):
    """Fills in what the UDF file entry tells."""
    bits = record.perms
    # ECMA-167 4/14.9.5: five bits each for other, group and owner, the lowest of each run,
    # write, read. ECMA-167 4/14.6.8 has set-user-id, set-group-id and sticky as bits 6, 7 and 8
    # of the ICB's flags: the other way round than POSIX.
    mode = 0
    for shift, right in ((10, 6), (5, 3), (0, 0)):
        mode |= ((bits >> shift) & 7) << right
    for bit, special in ((6, 0o4000), (7, 0o2000), (8, 0o1000)):
        if (record.icb_tag.flags >> bit) & 1:
            mode |= special
    entry["mode"] = "%04o" % mode
    if record.uid != 0xFFFFFFFF:
        entry["uid"] = record.uid
    if record.gid != 0xFFFFFFFF:
        entry["gid"] = record.gid
    entry["nlink"] = record.file_link_count
    entry["type"] = {4: "d", 5: "f", 6: "b", 7: "c", 9: "p", 10: "s", 12: "l"}.get(
        record.icb_tag.file_type, "f"
    )
    t = record.mod_time
    minutes = t.tz if -1440 <= t.tz <= 1440 else 0
    entry["mtime"] = (
        calendar.timegm((t.year, t.month, t.day, t.hour, t.minute, t.second)) - minutes * 60
    )


def digest(image, iso, keyword, path, record):
    """Size and SHA-256 of what a file holds."""
    sha = hashlib.sha256()
    size = 0
    catalog = iso.eltorito_boot_catalog
    if catalog is not None and any(record is entry for entry in catalog.dirrecords):
        # pycdlib has parsed it, and opens it no more ("File has no data").
        with open(image, "rb") as stream:
            stream.seek(catalog.extent_location() * 2048)
            data = stream.read(record.get_data_length())
        return len(data), hashlib.sha256(data).hexdigest()
    with iso.open_file_from_iso(**{keyword: path}) as stream:
        while True:
            piece = stream.read(1 << 20)
            if not piece:
                return size, sha.hexdigest()
            size += len(piece)
            sha.update(piece)


def udf_paths(iso, directory):
    """Every path below `directory`. walk() decodes a path of 8-bit and 16-bit names as one text."""
    for child in list(iso.list_children(udf_path=directory)):
        if child is None or child.file_ident is None or child.is_dotdot():
            continue
        name = child.file_identifier().decode(child.file_ident.encoding)
        path = directory.rstrip("/") + "/" + name
        yield path
        if child.is_dir():
            yield from udf_paths(iso, path)


def describe(image, iso, kind, path):
    keyword = KEYWORDS[kind]
    record = iso.get_record(**{keyword: path})
    entry = dict.fromkeys(
        ("mode", "uid", "gid", "nlink", "mtime", "size", "sha256", "target", "device"), "-"
    )
    entry["type"] = "d" if record.is_dir() else "f"
    if kind == "udf":
        udf(record, entry)
    else:
        entry["mtime"] = directory_record_time(record.date)
        # The root's record in the volume descriptor, which is what pycdlib hands over, has none.
        if kind == "rr" and record.rock_ridge is not None:
            rock_ridge(record, entry)
    if entry["type"] != "f":
        entry["nlink"] = "-"
    if entry["type"] == "f":
        entry["size"], entry["sha256"] = digest(image, iso, keyword, path, record)
    target = entry["target"]
    if target != "-":
        target = escape(target)
    return "\t".join(
        str(column)
        for column in (
            escape(path),
            entry["type"],
            entry["mode"],
            entry["uid"],
            entry["gid"],
            entry["nlink"],
            entry["mtime"],
            entry["size"],
            entry["sha256"],
            target,
            entry["device"],
            "-",
        )
    )


def main(argv):
    if len(argv) != 3 or argv[2] not in KEYWORDS:
        sys.stderr.write(__doc__)
        return 2
    kind = argv[2]
    keyword = KEYWORDS[kind]
    iso = pycdlib.PyCdlib()
    iso.open(argv[1])
    lines = [describe(argv[1], iso, kind, "/")]
    if kind == "udf":
        lines += (describe(argv[1], iso, kind, path) for path in udf_paths(iso, "/"))
    else:
        for directory, directories, files in iso.walk(**{keyword: "/"}):
            for name in directories + files:
                lines.append(describe(argv[1], iso, kind, directory.rstrip("/") + "/" + name))
    iso.close()
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
