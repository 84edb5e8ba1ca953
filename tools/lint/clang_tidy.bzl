"""An aspect that runs clang-tidy on the sources of each C++ target.

    bazel build --aspects=//tools/lint:clang_tidy.bzl%clang_tidy --output_groups=clang_tidy //...

One action for each source file, so that files run side by side, in the sandbox, and only those
whose inputs changed run again.
"""

def _flags(context):
    flags = ["-std=c++20"]
    for path in context.quote_includes.to_list():
        flags.append("-iquote" + path)
    for path in context.system_includes.to_list() + context.includes.to_list():
        flags.append("-isystem" + path)
    for define in context.defines.to_list():
        flags.append("-D" + define)
    return flags

def _clang_tidy_impl(target, ctx):
    if target.label.workspace_name or ctx.rule.kind not in ["cc_binary", "cc_library", "cc_test"]:
        return []
    files = ctx.rule.files
    own = list(getattr(files, "srcs", [])) + list(getattr(files, "hdrs", []))
    deps = cc_common.merge_cc_infos(
        cc_infos = [dep[CcInfo] for dep in ctx.rule.attr.deps if CcInfo in dep],
    ).compilation_context
    results = []
    for source in own:
        if source.extension != "cc" or not source.is_source:
            continue
        result = ctx.actions.declare_file("%s.%s.tidy" % (target.label.name, source.basename))
        results.append(result)
        ctx.actions.run_shell(
            outputs = [result],
            inputs = depset([ctx.file._config] + own, transitive = [deps.headers]),
            arguments = [result.path, ctx.file._config.path, source.path] + _flags(deps),
            # Its count of suppressed warnings goes to standard error, its findings to standard
            # output.
            command = """
result=$1 config=$2 source=$3
shift 3
if ! clang-tidy --quiet --config-file="$config" "$source" -- -xc++ -iquote . "$@" \\
  >"$result" 2>"$result.err"; then
  cat "$result" "$result.err"
  exit 1
fi
rm -f "$result.err"
""",
            mnemonic = "ClangTidy",
            progress_message = "Checking " + source.short_path,
            use_default_shell_env = True,
        )
    return [OutputGroupInfo(clang_tidy = depset(results))]

clang_tidy = aspect(
    implementation = _clang_tidy_impl,
    attrs = {
        "_config": attr.label(default = "//:.clang-tidy", allow_single_file = True),
    },
)
