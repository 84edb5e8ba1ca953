"""Repositories that Bazel's own rules ask for, from the system and without a download.

Bazel 4.2 resolves these by name when it builds C++ and protocol buffers. Debian has most of them as
packages; the two that it lacks or has too new are written out here.
"""

# Bazel's built-in tools load rules from @rules_cc. Debian's bazel-rules-cc wants a newer Bazel, and
# every rule it would offer is native in this one.
_RULES_CC_RULES = [
    "cc_binary",
    "cc_import",
    "cc_library",
    "cc_proto_library",
    "cc_test",
    "cc_toolchain",
    "cc_toolchain_suite",
    "fdo_prefetch_hints",
    "fdo_profile",
    "objc_import",
    "objc_library",
]

def _rules_cc_impl(ctx):
    ctx.file("BUILD.bazel", "exports_files([\"cc/defs.bzl\"])\n")
    ctx.file("cc/BUILD.bazel", "")
    ctx.file("cc/defs.bzl", "".join(
        ["\"\"\"The C++ rules, which are native in this Bazel.\"\"\"\n\n"] +
        ["{rule} = native.{rule}\n".format(rule = rule) for rule in _RULES_CC_RULES],
    ))

_rules_cc = repository_rule(
    implementation = _rules_cc_impl,
    doc = "@rules_cc, as names for the native rules.",
)

def _remote_coverage_tools_impl(ctx):
    ctx.file("BUILD.bazel", """\
filegroup(
    name = "coverage_report_generator",
    visibility = ["//visibility:public"],
)
""")

_remote_coverage_tools = repository_rule(
    implementation = _remote_coverage_tools_impl,
    doc = "`bazel test` resolves this even when it measures no coverage.",
)

def bazel_parts():
    """Defines the repositories that Bazel's own rules load from."""
    _rules_cc(name = "rules_cc")
    _remote_coverage_tools(name = "remote_coverage_tools")
    for name, path in {
        "bazel_skylib": "/usr/share/bazel/tools/skylib",
        "platforms": "/usr/share/bazel/tools/platforms",
        "rules_java": "/usr/share/bazel/rules/java",
        "rules_proto": "/usr/share/bazel/rules/proto",
    }.items():
        native.local_repository(name = name, path = path)
