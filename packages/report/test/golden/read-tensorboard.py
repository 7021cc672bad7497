"""What TensorBoard reads below a log folder, as JSON: {run: {tag: [[step, value, wall time], ...]}}"""
import json
import sys

from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

runs = EventMultiplexer().AddRunsFromDirectory(sys.argv[1]).Reload()
print(json.dumps({
    run: {tag: [[e.step, e.value, e.wall_time] for e in runs.Scalars(run, tag)] for tag in tags["scalars"]}
    for run, tags in runs.Runs().items()
}))
