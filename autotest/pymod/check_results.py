"""Counts of passed, failed and skipped tests from the reports of GoogleTest and pytest.

Both write JUnit's XML (GoogleTest's JSON leaves out why a test was skipped). A program that dies writes no report, or one
without its last test: the exit status is believed over the report.
"""

import dataclasses
import xml.etree.ElementTree as ElementTree
from typing import List, Tuple


@dataclasses.dataclass
class Result:
    passed: int = 0
    failed: List[str] = dataclasses.field(default_factory=list)  # names
    skipped: List[Tuple[str, str]] = dataclasses.field(default_factory=list)  # name, reason

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def ran(self):
        return self.passed + len(self.failed) + len(self.skipped)


def skip_reason(case):
    """Why a test case did not run, None if it did."""
    skipped = case.find("skipped")
    if skipped is not None:
        lines = skipped.get("message", "").strip().splitlines()
        if lines and ":" in lines[0] and len(lines) > 1:
            lines = lines[1:]  # GoogleTest puts file:line first
        return " ".join(lines) or "no reason given"
    if case.get("status") == "notrun":
        return "disabled (DISABLED_ in its name)"
    return None


def read_report(name, report, status):
    """The result of a test program that wrote `report` and ended with `status`."""
    try:
        root = ElementTree.parse(report).getroot()
    except (OSError, ElementTree.ParseError):
        return Result(failed=[f"{name}: no report; {_ending(status)}"])
    result = Result()
    for case in root.iter("testcase"):
        title = f"{name}: {case.get('classname', '')}.{case.get('name', '')}"
        reason = skip_reason(case)
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed.append(title)
        elif reason is not None:
            result.skipped.append((title, reason))
        else:
            result.passed += 1
    if status != 0 and not result.failed:
        result.failed.append(f"{name}: {_ending(status)} although no reported test failed")
    elif result.ran() == 0:
        result.failed.append(f"{name}: no test ran")
    return result


def _ending(status):
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
