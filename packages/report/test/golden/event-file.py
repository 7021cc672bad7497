"""The event file of two epochs, by TensorBoard's own messages and record writer: python event-file.py > event-file.json"""
import base64
import io
import json

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

START = 1_767_225_600.5
EPOCHS = [
    dict(epoch=1, loss=2.302585, learningRate=0.1, trainAccuracy=0.125, seconds=90.25),
    dict(epoch=300, loss=1e-7, learningRate=0.0, trainAccuracy=1.0, seconds=100.0),
]

file = io.BytesIO()
writer = RecordWriter(file)
writer.write(Event(wall_time=START, file_version="brain.Event:2").SerializeToString())
wall_time = START
for one in EPOCHS:
    wall_time += one["seconds"]
    tags = {"train/loss": "loss", "train/accuracy": "trainAccuracy", "train/learning_rate": "learningRate"}
    values = [Summary.Value(tag=tag, simple_value=one[key]) for tag, key in tags.items()]
    event = Event(wall_time=wall_time, step=one["epoch"], summary=Summary(value=values))
    writer.write(event.SerializeToString())
print(json.dumps({"date": "2026-01-01T00:00:00.500Z", "epochs": EPOCHS, "bytes": base64.b64encode(file.getvalue()).decode()}))
