"""The libraries that isomason stands on, under the labels that they have upstream."""

load(":system_libraries.bzl", "system_library")

# Abseil's public targets that exist in 20220623. pkg-config's modules carry the same names, but for
# those in this table.
_ABSL_PACKAGES = {
    "algorithm": ["algorithm", "container"],
    "base": ["base", "config", "core_headers", "dynamic_annotations", "endian", "log_severity"],
    "cleanup": ["cleanup"],
    "container": [
        "btree",
        "fixed_array",
        "flat_hash_map",
        "flat_hash_set",
        "inlined_vector",
        "node_hash_map",
        "node_hash_set",
    ],
    "debugging": ["failure_signal_handler", "leak_check", "stacktrace", "symbolize"],
    "flags": ["commandlineflag", "config", "flag", "marshalling", "parse", "reflection", "usage"],
    "functional": ["any_invocable", "bind_front", "function_ref"],
    "hash": ["hash"],
    "memory": ["memory"],
    "meta": ["type_traits"],
    "numeric": ["bits", "int128"],
    "random": ["bit_gen_ref", "distributions", "random", "seed_sequences"],
    "status": ["status", "statusor"],
    "strings": ["cord", "str_format", "strings"],
    "synchronization": ["synchronization"],
    "time": ["time"],
    "types": ["any", "compare", "optional", "span", "variant"],
    "utility": ["utility"],
}

_ABSL_MODULES = {
    "algorithm:container": "algorithm_container",
    "flags:commandlineflag": "flags_commandlineflag",
    "flags:config": "flags_config",
    "flags:flag": "flags",
    "flags:marshalling": "flags_marshalling",
    "flags:parse": "flags_parse",
    "flags:reflection": "flags_reflection",
    "flags:usage": "flags_usage",
    "numeric:int128": "int128",
    "random:bit_gen_ref": "random_bit_gen_ref",
    "random:distributions": "random_distributions",
    "random:random": "random_random",
    "random:seed_sequences": "random_seed_sequences",
}

def _absl_targets():
    targets = {}
    for package, names in _ABSL_PACKAGES.items():
        for name in names:
            module = _ABSL_MODULES.get(package + ":" + name, name)
            targets["absl/%s:%s" % (package, name)] = ["absl_" + module]
    return targets

# Messages that protobuf's own library brings: C++ for them must not be generated again.
_WELL_KNOWN_PROTOS = {
    "any": [],
    "api": ["source_context", "type"],
    "descriptor": [],
    "duration": [],
    "empty": [],
    "field_mask": [],
    "source_context": [],
    "struct": [],
    "timestamp": [],
    "type": ["any", "source_context"],
    "wrappers": [],
}

_WELL_KNOWN_PROTO = """
proto_library(
    name = "{name}_proto",
    srcs = ["include/google/protobuf/{name}.proto"],
    strip_import_prefix = "include",
    deps = [{deps}],
)
"""

_PROTOBUF = """
sh_binary(
    name = "protoc",
    srcs = ["bin/protoc"],
)

proto_lang_toolchain(
    name = "cc_toolchain",
    blacklisted_protos = [{well_known}],
    command_line = "--cpp_out=$(OUT)",
    runtime = ":protobuf",
)
"""

def _protobuf_build():
    text = _PROTOBUF.format(
        well_known = ", ".join(["\":%s_proto\"" % name for name in sorted(_WELL_KNOWN_PROTOS)]),
    )
    for name, deps in sorted(_WELL_KNOWN_PROTOS.items()):
        text += _WELL_KNOWN_PROTO.format(
            name = name,
            deps = ", ".join(["\":%s_proto\"" % dep for dep in deps]),
        )
    return text

def libraries():
    """Defines the repository of every library that the project's BUILD files name."""
    system_library(
        name = "com_google_absl",
        headers = ["absl"],
        targets = _absl_targets(),
    )

    system_library(
        name = "com_google_protobuf",
        headers = ["google/protobuf"],
        more_build = _protobuf_build(),
        programs = {"bin/protoc": "protoc"},
        targets = {
            ":protobuf": ["protobuf"],
        },
    )

    # As upstream, each of the two brings gmock with it.
    system_library(
        name = "com_google_googletest",
        headers = ["gmock", "gtest"],
        targets = {
            ":gtest": ["gmock"],
            ":gtest_main": ["gmock_main"],
        },
    )

    system_library(
        name = "com_google_benchmark",
        headers = ["benchmark"],
        targets = {":benchmark": ["benchmark"]},
    )

    system_library(
        name = "openssl",
        headers = ["openssl"],
        targets = {":crypto": ["libcrypto"]},
    )

    system_library(
        name = "icu",
        headers = ["unicode"],
        targets = {":uc": ["icu-uc"]},
    )

    system_library(
        name = "libarchive",
        headers = ["archive.h", "archive_entry.h"],
        # Its own list lacks what libacl (libattr) and libxml2 (ICU) stand on, and is out of order.
        libraries = {
            "libarchive": [
                "archive",
                "nettle",
                "acl",
                "attr",
                "xml2",
                "icuuc",
                "icudata",
                "lzma",
                "zstd",
                "lz4",
                "bz2",
                "z",
            ],
        },
        targets = {":archive": ["libarchive"]},
    )

    system_library(
        name = "zlib",
        headers = ["zconf.h", "zlib.h"],
        targets = {":zlib": ["zlib"]},
    )

    system_library(
        name = "cli11",
        headers = ["CLI"],
        targets = {":cli11": ["CLI11"]},
    )

    system_library(
        name = "libdvdread",
        headers = ["dvdread"],
        targets = {":dvdread": ["dvdread"]},
    )

    system_library(
        name = "libudfread",
        headers = ["udfread"],
        targets = {":udfread": ["libudfread"]},
    )

    system_library(
        name = "nlohmann_json",
        headers = ["nlohmann"],
        targets = {":json": ["nlohmann_json"]},
    )
