"""A classifier of texts small enough for a test: one layer of a BERT with random weights (seed 1), six labels.

    pip install onnx onnxruntime numpy tokenizers
    python make.py

writes config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx and expected.json: for each text its number
of tokens, its logits by onnxruntime and its probabilities by numpy. Text by text, without padding: a scorer that pads
wrongly has other numbers. The scores mean nothing.
"""

import json
import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

HERE = os.path.dirname(os.path.abspath(__file__))
LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
WIDTH, POSITIONS = 24, 32

letters = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'-"
words = "the a you are is not and of to it this that i we they thank idiot fair point kind stupid".split()
special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
pieces = [*special, *words, *letters, *["##" + c for c in letters], "é", "##é"]
vocab = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}

tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=False)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.TemplateProcessing(
    single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
    special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])],
)
tokenizer.decoder = decoders.WordPiece()
tokenizer.add_special_tokens(special)
tokenizer.save(os.path.join(HERE, "tokenizer.json"))


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2, ensure_ascii=False)
        file.write("\n")


write("tokenizer_config.json", {
    "tokenizer_class": "BertTokenizer", "model_max_length": POSITIONS, "do_lower_case": True, "pad_token": "[PAD]",
    "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]",
})
write("config.json", {
    "model_type": "bert", "architectures": ["BertForSequenceClassification"],
    "problem_type": "multi_label_classification", "hidden_size": WIDTH, "num_attention_heads": 1,
    "num_hidden_layers": 1, "max_position_embeddings": POSITIONS, "vocab_size": len(vocab), "pad_token_id": 0,
    "id2label": {str(i): label for i, label in enumerate(LABELS)},
    "label2id": {label: i for i, label in enumerate(LABELS)},
})

random = np.random.default_rng(1)
weights = []


def weight(name, *shape, scale=1.0):
    weights.append(numpy_helper.from_array((scale * random.standard_normal(shape)).astype(np.float32), name))


def constant(name, value, dtype=np.float32):
    weights.append(numpy_helper.from_array(np.array(value, dtype=dtype), name))


weight("words", len(vocab), WIDTH)
weight("positions", POSITIONS, WIDTH, scale=0.5)
for matrix in ["q", "k", "v"]:
    weight(matrix, WIDTH, WIDTH, scale=WIDTH**-0.5)
weight("classifier", WIDTH, len(LABELS), scale=0.6)
weight("bias", len(LABELS), scale=0.5)
constant("one", 1.0)
constant("far", -1e9)
constant("scale", WIDTH**-0.5)
constant("axis1", [1], np.int64)
constant("zero", 0, np.int64)
constant("axis0", 0, np.int64)
constant("step", 1, np.int64)
nodes = [
    helper.make_node("Shape", ["input_ids"], ["shape"]),
    helper.make_node("Gather", ["shape", "step"], ["length"]),
    helper.make_node("Range", ["zero", "length", "step"], ["places"]),
    helper.make_node("Gather", ["words", "input_ids"], ["w"]),
    helper.make_node("Gather", ["positions", "places"], ["p"]),
    helper.make_node("Add", ["w", "p"], ["h"]),
    *[helper.make_node("MatMul", ["h", m], [m + "h"]) for m in "qkv"],
    helper.make_node("Transpose", ["kh"], ["kt"], perm=[0, 2, 1]),
    helper.make_node("MatMul", ["qh", "kt"], ["raw"]),
    helper.make_node("Mul", ["raw", "scale"], ["scaled"]),
    helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
    helper.make_node("Sub", ["one", "mask"], ["masked"]),
    helper.make_node("Mul", ["masked", "far"], ["penalty"]),
    helper.make_node("Unsqueeze", ["penalty", "axis1"], ["penalties"]),
    helper.make_node("Add", ["scaled", "penalties"], ["attention"]),
    helper.make_node("Softmax", ["attention"], ["shares"], axis=-1),
    helper.make_node("MatMul", ["shares", "vh"], ["mixed"]),
    helper.make_node("Add", ["h", "mixed"], ["out"]),
    helper.make_node("Tanh", ["out"], ["tanh"]),
    helper.make_node("Gather", ["tanh", "axis0"], ["cls"], axis=1),
    helper.make_node("MatMul", ["cls", "classifier"], ["raw_logits"]),
    helper.make_node("Add", ["raw_logits", "bias"], ["logits"]),
]
graph = helper.make_graph(
    nodes, "tiny-classifier",
    [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in ["input_ids", "attention_mask"]],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(LABELS)])], weights,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
os.makedirs(os.path.join(HERE, "onnx"), exist_ok=True)
path = os.path.join(HERE, "onnx", "model.onnx")
onnx.save(model, path)

session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
texts = [
    "Thank you, that is a fair point.",
    "You are an idiot!",
    "a",
    "It is not stupid, is it?  é ünïcode 😀",
    "[SEP] [CLS] the end",
    "We are kind to you, and of all that they are, this is it.",
]
expected = []
for text in texts:
    ids = tokenizer.encode(text).ids
    tokens = np.array([ids], dtype=np.int64)
    [logits] = session.run(["logits"], {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})
    exact = logits[0].astype(np.float64)
    expected.append({
        "text": text, "tokens": len(ids), "logits": exact.tolist(), "probabilities": (1 / (1 + np.exp(-exact))).tolist(),
    })
write("expected.json", {"labels": LABELS, "texts": expected})
