"""PyTorch's side of a comparison: `answer` is that of contestant.ts, as answer.ts is ours, and `serve` that of rival.ts."""
import ctypes
import json
import re
import resource
import sys
import time

import torch


def milliseconds(run, repeats=1):
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) * 1000 / repeats


def timed(run, repeats):
    time.sleep(0.01)  # the other process's idle threads spin for a while
    return milliseconds(run, repeats)


def greeting():
    return f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"


def peak_of_process():
    """The most memory that this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def answer(turn, end, says=None):
    """Greets, answers each line on stdin with turn(line), and the end of it with what `end` gives, the peak memory in MB first."""
    print(says or greeting(), flush=True)
    for line in sys.stdin:
        print(turn(line.strip()), flush=True)
    print(*end(), sep="\n", flush=True)


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
    """Times the works of a list, JSON in the first argument; make(work) gives the ways of doing one, as functions.

    Answers each line on stdin (the place of a work in the list, and how often to do it) with the milliseconds of one run
    and the MB that it took at the most above what was held before; of each way of doing it.
    """
    works = json.loads(sys.argv[1])
    print(greeting(), flush=True)
    made, peaks, place = [], [], None
    for line in sys.stdin:
        asked, repeats = map(int, line.split())
        if asked != place:
            place = asked
            made = make(works[place])
            peaks = [peak_of(run) for run in made]
        times = [timed(run, repeats) for run in made]
        print(json.dumps({"ms": times, "peak": peaks}), flush=True)
