"""Tells of LangChain what its own tests of chat models found (test_langchain.py)."""

import contextlib
import json
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest

FEATURES = {
    "test_invoke": "Chat",
    "test_stream": "Streaming",
    "test_usage_metadata_streaming": "Usage of a stream",
    "test_conversation": "Conversation",
    "test_tool_choice": "Tools",
    "test_tool_message_histories_list_content": "Tool results",
    "test_structured_output": "Structured output",
    "test_stop_sequence": "Stop sequence",
}
PACKAGES = ["langchain-openai", "langchain-core", "langchain-tests"]


class Collector:
    """What came of each test; of those that are parametrised or run for several models, the last fault."""

    def __init__(self):
        self.faults = {}
        self.counts = Counter()

    def pytest_runtest_logreport(self, report):
        if report.when != "call" and report.passed or report.when == "teardown":
            return
        outcome = "expected to fail" if hasattr(report, "wasxfail") else report.outcome
        self.counts[outcome] += 1
        _, suite, test = report.nodeid.split("::")
        fault = f"{suite}: {_reason(report)}" if outcome == "failed" else None
        name = test.split("[")[0]
        self.faults[name] = fault or self.faults.get(name)


def _reason(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.message if crash else str(report.longrepr)).splitlines()[0]


collector = Collector()
suite = str(Path(__file__).with_name("test_langchain.py"))
with contextlib.redirect_stdout(sys.stderr):
    # One loop for all: the client keeps its connections from one call to the next.
    options = ["asyncio_mode=auto", "asyncio_default_test_loop_scope=session", "asyncio_default_fixture_loop_scope=session"]
    arguments = [part for option in options for part in ("-o", option)]
    code = pytest.main(["-q", "-p", "no:cacheprovider", *arguments, suite], plugins=[collector])
found = {feature: collector.faults[test] or True for test, feature in FEATURES.items()}
failed = [f"{name}, {fault}" for name, fault in sorted(collector.faults.items()) if fault]
found["Standard tests of LangChain"] = True if code == 0 else "; ".join(failed)
counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(collector.counts.items()))
print(
    json.dumps(
        {
            "name": "LangChain (Python)",
            "packages": [f"{package} {version(package)}" for package in PACKAGES],
            "found": found,
            "note": f"LangChain’s standard tests of chat models: {counts}",
        }
    )
)
