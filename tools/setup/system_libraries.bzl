"""A repository rule that offers a system library under its upstream labels.

    system_library(
        name = "com_google_absl",
        headers = ["absl"],
        targets = {"absl/status": ["absl_status"]},
    )

makes @com_google_absl//absl/status: the headers of /usr/include/absl, linked into the repository
file by file, and the libraries that pkg-config's module absl_status names, each with what it
requires in turn. A library is linked statically where the system has an archive of it, so that a
program runs on a machine without these packages; otherwise it is linked as -lNAME.
"""

# Parts of the C library. Their archives are empty or must match the running system: never static.
_C_LIBRARY = ["atomic", "c", "dl", "m", "pthread", "rt"]

def _run(ctx, command, problem):
    result = ctx.execute(command)
    if result.return_code != 0:
        fail("%s: %s; tools/setup/packages installs what is needed (%s)" % (
            ctx.name,
            problem,
            result.stderr.strip(),
        ))
    return result.stdout

def _words(text):
    return [word for word in text.replace(",", " ").replace("\t", " ").split(" ") if word]

def _read_module(ctx, module):
    """Reads a .pc file: the modules it requires, the libraries it names, where they are."""
    folder = _run(
        ctx,
        ["pkg-config", "--variable=pcfiledir", module],
        "pkg-config knows no module " + module,
    ).strip()
    requires, libraries = [], []
    for line in ctx.read("%s/%s.pc" % (folder, module)).split("\n"):
        key, _, value = line.partition(":")
        if key in ["Requires", "Requires.private"]:
            version_follows = False
            for word in _words(value):
                if word[0] in "=<>!":
                    version_follows = True
                elif version_follows:
                    version_follows = False
                else:
                    requires.append(word)
        elif key in ["Libs", "Libs.private"]:
            libraries += [word[2:] for word in _words(value) if word.startswith("-l")]
    return struct(
        requires = requires,
        libraries = libraries,
        folder = folder[:-len("/pkgconfig")],
    )

def _closure(ctx, modules):
    """Reads modules, all that they require, and so on: a dict by module name."""
    found = {}
    todo = list(modules)
    for _ in range(1000):
        if not todo:
            return found
        next_todo = []
        for module in todo:
            if module not in found:
                found[module] = _read_module(ctx, module)
                next_todo += found[module].requires
        todo = next_todo
    fail("pkg-config modules require each other without end")

def _as_needed(library):
    return ["-Wl,--push-state,--as-needed", "-l" + library, "-Wl,--pop-state"]

def _list(values):
    return "[" + ", ".join(["\"%s\"" % value for value in values]) + "]"

def _link_headers(ctx):
    """Links every header in, and returns how the BUILD file names them."""
    multiarch = _run(ctx, ["gcc", "-print-multiarch"], "gcc is missing").strip()
    folders = ["/usr/include"] + (["/usr/include/" + multiarch] if multiarch else [])
    for header in ctx.attr.headers:
        found = False
        for folder in folders:
            if not ctx.path(folder + "/" + header).exists:
                continue
            found = True
            listing = _run(
                ctx,
                ["find", "-L", folder + "/" + header, "-type", "f"],
                "cannot list " + header,
            )
            for file in sorted(listing.strip().split("\n")):
                ctx.symlink(file, "include/" + file[len(folder) + 1:])
        if not found:
            fail("%s: no %s in %s; tools/setup/packages installs what is needed" % (
                ctx.name,
                header,
                " or ".join(folders),
            ))

_HEADERS = """\
# Made by tools/setup/system_libraries.bzl.
package(default_visibility = ["//visibility:public"])

cc_library(
    name = "system_headers",
    hdrs = glob(["include/**"]),
    includes = ["include"],
)
"""

_MODULE = """
cc_library(
    name = "module_{name}",
    srcs = {archives},
    linkopts = {linkopts},
    deps = {deps},
)
"""

_TARGET = """
cc_library(
    name = "{name}",
    defines = {defines},
    deps = {deps},
)
"""

def _system_library_impl(ctx):
    _link_headers(ctx)

    modules = _closure(ctx, [m for needs in ctx.attr.targets.values() for m in needs])
    root = [_HEADERS]
    linked = {}
    for name in sorted(modules):
        module = modules[name]
        archives, linkopts = [], []
        for library in ctx.attr.libraries.get(name, module.libraries):
            archive = "%s/lib%s.a" % (module.folder, library)
            if module.folder.startswith("/usr/share"):
                fail("%s: module %s names a library, but lives in %s" % (
                    ctx.name,
                    name,
                    module.folder,
                ))
            if library in _C_LIBRARY or not ctx.path(archive).exists:
                linkopts += _as_needed(library)
            else:
                archives.append("lib/lib%s.a" % library)
                linked[archives[-1]] = archive
        root.append(_MODULE.format(
            name = name,
            archives = _list(archives),
            linkopts = _list(linkopts),
            deps = _list([":module_" + required for required in module.requires]),
        ))
    for path in sorted(linked):
        ctx.symlink(linked[path], path)

    # A label without a colon is its package's last component, as everywhere in Bazel.
    packages = {"": root}
    for label in sorted(ctx.attr.targets):
        package, _, name = label.partition(":")
        packages.setdefault(package, [
            "package(default_visibility = [\"//visibility:public\"])\n",
        ]).append(_TARGET.format(
            name = name or package.split("/")[-1],
            defines = _list(ctx.attr.defines),
            deps = _list(
                ["//:system_headers"] +
                ["//:module_" + module for module in ctx.attr.targets[label]],
            ),
        ))
    for path, name in ctx.attr.programs.items():
        program = ctx.which(name)
        if not program:
            fail("%s: no program %s; tools/setup/packages installs what is needed" % (
                ctx.name,
                name,
            ))
        ctx.symlink(program, path)
    root.append(ctx.attr.more_build)
    for package, parts in packages.items():
        ctx.file((package + "/" if package else "") + "BUILD.bazel", "".join(parts))

system_library = repository_rule(
    implementation = _system_library_impl,
    doc = "Offers a system library under its upstream labels; see this file's head.",
    # Looks at the system anew when a Bazel server starts: packages may have been upgraded.
    local = True,
    environ = ["PKG_CONFIG_PATH", "PATH"],
    attrs = {
        "defines": attr.string_list(doc = "macros for whoever uses a target"),
        "headers": attr.string_list(
            doc = "files and folders below the system's include folders",
            mandatory = True,
        ),
        "libraries": attr.string_list_dict(
            doc = "for a pkg-config module whose list of libraries does not link statically: " +
                  "what it needs, users before used",
        ),
        "more_build": attr.string(doc = "what the root BUILD file says besides"),
        "programs": attr.string_dict(doc = "where in the repository a program of the system goes"),
        "targets": attr.string_list_dict(
            doc = "package:name to the pkg-config modules it stands for",
            mandatory = True,
        ),
    },
)
