"""What the Hugging Face Hub's own reader makes of a card: its metadata as JSON.

usage: model_card.py < README.md   (huggingface_hub)
"""
import json
import sys

from huggingface_hub import ModelCard

data = ModelCard(sys.stdin.read(), ignore_metadata_errors=False).data
results = [
    {"task": r.task_type, "dataset": [r.dataset_type, r.dataset_name, r.dataset_split], "metric": [r.metric_type, r.metric_name], "value": r.metric_value}
    for r in data.eval_results or []
]
plain = {k: v for k, v in data.to_dict().items() if k != "model-index"}
json.dump({"name": data.model_name, "results": results, **plain}, sys.stdout)
