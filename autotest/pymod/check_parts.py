"""The parts of run_all.py: what each builds and runs. Parsing of the results is in check_results.py."""

import dataclasses
import glob
import json
import os
import subprocess
import sys
from typing import Callable

import check_results
from check_results import Result

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REPORTS = os.path.join(ROOT, "build", "test-reports")
PYTHON = "/usr/bin/python3"  # the one that has osgeo
SOURCE_FOLDERS = ("fusion", "providers", "cache", "driver", "utils", "autotest")
# What threads share; the driver's own tests run GDAL code that is not built for the thread sanitizer. The tests of archives take as
# long to compile for it as all the others: run them by hand when their threads change (cmake --build --preset tsan --target test_archives).
THREAD_TESTS = ("fusion", "cache", "providers")
TEST_SECONDS = 900  # a hung test must not hang the whole run


@dataclasses.dataclass(frozen=True)
class Part:
    name: str
    what: str
    run: Callable[[int], Result]  # takes the number of jobs
    has_tests: bool = True  # False: a check that counts only when it fails


def run_part(part, jobs):
    """The result of a part; one that has tests and ran none has failed."""
    result = part.run(jobs)
    if part.has_tests and result.passed == 0 and not result.failed:
        result.failed.append("no test ran")
    return result


def command(words, **more):
    """Runs a command with its output shown; its exit status, 127 when it is not installed."""
    print("$ " + " ".join(words), flush=True)
    try:
        return subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, check=False, **more).returncode
    except FileNotFoundError:
        print(f"{words[0]} is not installed: utils/install_dependencies.sh", file=sys.stderr)
        return 127


def step(name, words):
    """A command as a result: nothing passed (it is not a test), one failure if it fails."""
    status = command(words)
    return Result() if status == 0 else Result(failed=[f"{name} (exit status {status})"])


def configure(preset):
    # Tests on even where an earlier configuration of this tree turned them off.
    return step(f"configure {preset}", ["cmake", "--preset", preset, "-DTOPOBATHY_BUILD_TESTS=ON"])


def build(preset, jobs, targets=()):
    result = configure(preset)
    if result.failed:
        return result
    words = ["cmake", "--build", "--preset", preset, "--parallel", str(jobs)]
    return step(f"build {preset}", words + (["--target", *targets] if targets else []))


def build_folder(preset):
    return os.path.join(ROOT, "build" if preset == "release" else f"build-{preset}")


def run_headers(jobs):
    return build("release", jobs, ["header_check"])


def run_format(_jobs):
    files = sorted(file for folder in SOURCE_FOLDERS for pattern in ("*.h", "*.cpp")
                   for file in glob.glob(os.path.join(ROOT, folder, "**", pattern), recursive=True))
    print(f"{len(files)} files")
    status = subprocess.run(["clang-format", "--dry-run", "--Werror", *files], check=False).returncode
    return Result() if status == 0 else Result(failed=["layout of the sources: run  make format"])


def google_tests(preset):
    """{name: command, None where it is not built} of the tests CMake knows in this tree; stale programs are not run."""
    answer = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build_folder(preset), capture_output=True, text=True,
                            check=True)
    tests = json.loads(answer.stdout)["tests"]
    return {test["name"]: test.get("command") for test in tests}


def run_google_tests(preset, only=None, environment=None):
    result = Result()
    for name, words in google_tests(preset).items():
        if only is not None and name not in only:
            continue
        if words is None:
            result.failed.append(f"{preset}/{name}: was not built")
            continue
        report = os.path.join(REPORTS, f"{preset}-{name}.xml")
        result.add(run_google_test(f"{preset}/{name}", words, report, environment))
    return result


def run_google_test(name, words, report, environment):
    print(f"--- {name}", flush=True)
    try:
        status = subprocess.run([*words, f"--gtest_output=xml:{report}", "--gtest_brief=1"], cwd=ROOT,
                                stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})},
                                timeout=TEST_SECONDS, check=False).returncode
    except subprocess.TimeoutExpired:
        return Result(failed=[f"{name}: stopped after {TEST_SECONDS} s"])
    except OSError as error:
        return Result(failed=[f"{name}: cannot be run: {error}"])
    return check_results.read_report(name, report, status)


def run_cpp(jobs):
    result = build("release", jobs)
    return result if result.failed else run_google_tests("release")


def pytest_part(folder, preset="release", environment=None, leave_out=()):
    """pytest over a folder of autotest/ with the plugin of `preset`, without the files that match `leave_out`."""
    name = f"{os.path.basename(folder)}-{preset}"
    report = os.path.join(REPORTS, f"{name}.xml")
    variables = {**os.environ, "GDAL_DRIVER_PATH": os.path.join(build_folder(preset), "gdalplugins"),
                 "TOPOBATHY_BUILD_DIR": build_folder(preset), **(environment or {})}
    words = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", folder,
             *(f"--ignore-glob=*/{pattern}" for pattern in leave_out)]
    status = command(words, env=variables)
    return check_results.read_report(name, report, status)


def run_pytest(folder):
    def run(jobs):
        result = build("release", jobs)
        return result if result.failed else pytest_part(os.path.join("autotest", folder))
    return run


# Reading archives through GDAL with the sanitized plugin takes longer than all else together; the C++ tests of the archives run
# the same code under the sanitizers.
SLOW_UNDER_SANITIZERS = ("test_archive_*.py",)
ASAN = {"ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "LSAN_OPTIONS": f"suppressions={os.path.join(ROOT, 'autotest', 'lsan.supp')}:print_suppressions=0"}
# The fixture of these tests sets GDAL's PROJ search path; the lock behind it is in a library that is not built for the
# sanitizer, which takes its release for a mistake. PROJ in threads is tested by Transformer.ManyThreadsGetTheSameBits.
TSAN = {"TSAN_OPTIONS": f"suppressions={os.path.join(ROOT, 'autotest', 'tsan.supp')}:halt_on_error=1:second_deadlock_stack=1",
        "GTEST_FILTER": "-VerticalShiftTest.*"}


def run_asan(jobs):
    result = configure("asan")
    if result.failed:
        return result
    result.add(build("asan", jobs, [f"test_{name}" for name in google_tests("asan")]))
    if not result.failed:
        result.add(run_google_tests("asan", environment=ASAN))
    return result


def run_asan_driver(jobs):
    """The driver's Python tests with the sanitized plugin; python itself is not built for it, so the runtime is preloaded."""
    result = build("asan", jobs, ["gdalplugins/gdal_TOPOBATHY.so"])
    if result.failed:
        return result
    runtimes = [subprocess.run(["g++", f"-print-file-name={library}"], capture_output=True, text=True, check=True).stdout.strip()
                for library in ("libasan.so", "libubsan.so")]
    # Python and its modules keep memory until the end of the process by design, so leaks are looked for in C++ tests only.
    # The archives' content is no product of ours: it is made once, without the sanitizer.
    return pytest_part(os.path.join("autotest", "gdrivers"), "asan", {
        **ASAN, "ASAN_OPTIONS": "detect_leaks=0:strict_string_checks=1", "LD_PRELOAD": ":".join(runtimes),
        "TOPOBATHY_SANITIZED": "address", "TOPOBATHY_ARCHIVE_DIR": os.path.join(build_folder("release"), "archive")},
        leave_out=SLOW_UNDER_SANITIZERS)


def run_tsan(jobs):
    result = configure("tsan")
    if result.failed:
        return result
    known = google_tests("tsan")
    missing = [f"test_{name} does not exist" for name in THREAD_TESTS if name not in known]
    present = [name for name in THREAD_TESTS if name in known]
    result = Result(failed=missing)
    if present:
        result.add(build("tsan", jobs, [f"test_{name}" for name in present]))
    if not result.failed:
        result.add(run_google_tests("tsan", only=present, environment=TSAN))
    return result


def run_size(_jobs):
    """Printed so that drift is seen; nobody is failed by it."""
    command(["cloc", "--quiet", "--hide-rate", *SOURCE_FOLDERS])
    files = sorted(file for folder in SOURCE_FOLDERS[:-1]
                   for file in glob.glob(os.path.join(ROOT, folder, "**", "*.cpp"), recursive=True))
    if not files:
        return Result()
    try:
        rows = subprocess.run(["pmccabe", *files], capture_output=True, text=True, check=False).stdout.splitlines()
    except FileNotFoundError:
        return Result()
    functions = [(int(columns[4]), columns[5], columns[6]) for columns in (row.split(None, 6) for row in rows)
                 if len(columns) == 7 and columns[4].isdigit()]
    lengths = sorted(length for length, _, _ in functions)
    if lengths:
        print(f"{len(lengths)} functions: median {lengths[len(lengths) // 2]} lines, nine in ten under "
              f"{lengths[len(lengths) * 9 // 10] + 1}, {sum(length > 60 for length in lengths)} above 60; longest:")
        for length, place, name in sorted(functions, reverse=True)[:5]:
            print(f"  {length:>4}  {os.path.relpath(place.split('(')[0], ROOT)}  {name}")
    return Result()


PARTS = (
    Part("headers", "every header compiles alone", run_headers, has_tests=False),
    Part("format", "clang-format has nothing to change", run_format, has_tests=False),
    Part("cpp", "GoogleTest, release build", run_cpp),
    Part("gdrivers", "the driver through osgeo.gdal", run_pytest("gdrivers")),
    Part("utilities", "GDAL's programs, ours, and the sample coast", run_pytest("utilities")),
    Part("service", "topobathy serve: requests, load, crashes, who may change what", run_pytest("service")),
    Part("asan", "GoogleTest under address and undefined-behaviour sanitizers", run_asan),
    Part("asan-driver", "the driver through osgeo.gdal under the same", run_asan_driver),
    Part("tsan", "the core's GoogleTest under the thread sanitizer", run_tsan),
    Part("size", "rows of code and of functions, informational", run_size, has_tests=False),
)
