"""Times the works of a list when asked: the other side of rival.ts.

Answers each line on stdin (the place of a work in the list, and how often to do it) with the milliseconds of one run on
stdout, and the MB that it took at the most above what was held before; of each way of doing it.
"""
import ctypes
import json
import re
import sys
import time

import torch


def timed(run, repeats):
    time.sleep(0.01)  # the other process's idle threads spin for a while
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) * 1000 / repeats


def megabytes(field):
    with open("/proc/self/status") as status:
        return int(re.search(rf"{field}:\s+(\d+)", status.read())[1]) / 1000


def from_here():
    """Gives the heap back and begins to measure the peak."""
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")


def peak_of(run):
    """MB at the most above what is held between two runs."""
    if not sys.platform.startswith("linux"):
        return float("nan")
    run()
    from_here()
    idle = megabytes("VmRSS")
    run()
    return megabytes("VmHWM") - idle


def serve(make):
    """make(work) gives the ways of doing a work, as functions; the works are JSON in the first argument."""
    works = json.loads(sys.argv[1])
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
    made, peaks, place = [], [], None
    for line in sys.stdin:
        asked, repeats = map(int, line.split())
        if asked != place:
            place = asked
            made = make(works[place])
            peaks = [peak_of(run) for run in made]
        times = [timed(run, repeats) for run in made]
        print(json.dumps({"ms": times, "peak": peaks}), flush=True)
