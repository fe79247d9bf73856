"""Trains the model of the example and says how good it is on comments that it has not seen.

    python3 jobs/examples/sentiment/train.py

The data are in npm's package `sentiment`: 3,000 sentences of reviews (Amazon, IMDb, Yelp), half of them positive, and
the lexicon AFINN. Pure Python, the same model from the same data; it takes some seconds.
"""

import argparse
import hashlib
import json
import math
import random
from pathlib import Path

from model import MODEL_FILE, Model, features_of

PACKAGE = Path(__file__).resolve().parents[3] / "node_modules" / "sentiment"
SOURCES = ("amazon", "imdb", "yelp")
HELD_OUT_FIFTH = 0
EPOCHS = 8
LEARNING_RATE = 0.4
L2 = 0.002
LEAST_OCCURRENCES = 2
#: What a word's valence in the lexicon, from -5 to 5, weighs before anything is learned.
LEXICON_WEIGHT = 0.6
#: How much of it is left, the other way round, behind a negation.
NEGATED_LEXICON = -0.5
UNCERTAIN = 0.2


def read_sentences(package):
    """{source: [(text, is_positive)]}, each text once."""
    sentences, seen = {}, set()
    for source in SOURCES:
        sentences[source] = []
        for item in json.loads((package / "test" / "fixtures" / f"{source}.json").read_text(encoding="utf-8")):
            text = item["text"].strip()
            if text and text not in seen:
                seen.add(text)
                sentences[source].append((text, item["class"] == 1))
    return sentences


def read_lexicon(package):
    labels = json.loads((package / "languages" / "en" / "labels.json").read_text(encoding="utf-8"))
    return {word.replace("'", ""): valence for word, valence in labels.items()}


def is_held_out(text):
    return hashlib.sha256(text.encode("utf-8")).digest()[0] % 5 == HELD_OUT_FIFTH


def train(sentences, lexicon, seed=1):
    """Logistic regression by stochastic gradient descent, which starts from the lexicon."""
    examples = [(features_of(text), positive) for text, positive in sentences]
    counts = {}
    for names, _ in examples:
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    prior = {}
    for word, valence in lexicon.items():
        prior[word] = LEXICON_WEIGHT * valence
        prior[f"not_{word}"] = LEXICON_WEIGHT * NEGATED_LEXICON * valence
    weights = {**{name: 0.0 for name, count in counts.items() if count >= LEAST_OCCURRENCES}, **prior}
    bias, chance = 0.0, random.Random(seed)
    examples = [([name for name in names if name in weights], positive) for names, positive in examples]
    for epoch in range(EPOCHS):
        chance.shuffle(examples)
        rate = LEARNING_RATE / (1 + epoch)
        for names, positive in examples:
            if not names:
                continue
            scale = 1 / math.sqrt(len(names))
            value = bias + scale * sum(weights[name] for name in names)
            error = (1.0 if positive else 0.0) - 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
            bias += rate * error * 0.1
            for name in names:
                weights[name] += rate * (scale * error - L2 * (weights[name] - prior.get(name, 0.0)))
    return Model(round(bias, 3), {name: round(w, 3) for name, w in weights.items() if abs(w) >= 0.05}, UNCERTAIN)


def accuracy(score, sentences):
    """The share of sentences whose score has the right sign; of those that are not neutral it is `sure`."""
    right = sure = sure_right = 0
    for text, positive in sentences:
        value = score(text)
        is_right = value != 0 and (value > 0) == positive
        right += is_right
        if abs(value) >= UNCERTAIN:
            sure += 1
            sure_right += is_right
    return {
        "sentences": len(sentences),
        "accuracy": round(right / len(sentences), 3),
        "not_neutral": round(sure / len(sentences), 3),
        "accuracy_of_those": round(sure_right / max(1, sure), 3),
    }


def report(sentences, lexicon):
    """How good it is: on the held-out fifth, beside the lexicon alone, and on reviews of another kind."""
    everything = [pair for source in SOURCES for pair in sentences[source]]
    training = [pair for pair in everything if not is_held_out(pair[0])]
    held_out = [pair for pair in everything if is_held_out(pair[0])]
    model = train(training, lexicon)
    prior = Model(0.0, {word: float(valence) for word, valence in lexicon.items()}, UNCERTAIN)
    return {
        "trained_on": len(training),
        "held_out": accuracy(model.score, held_out),
        "held_out_lexicon_alone": accuracy(prior.score, held_out),
        **{
            f"{source}_trained_on_the_others": accuracy(
                train([p for other in SOURCES if other != source for p in sentences[other]], lexicon).score,
                sentences[source],
            )
            for source in SOURCES
        },
    }


def main():
    parser = argparse.ArgumentParser(description="Trains the model of the sentiment example.")
    parser.add_argument("--package", type=Path, default=PACKAGE, help="folder of npm's package sentiment")
    parser.add_argument("--output", type=Path, default=MODEL_FILE)
    options = parser.parse_args()
    if not (options.package / "package.json").exists():
        parser.error(f"{options.package} is not there; run npm install, or name it with --package")
    sentences, lexicon = read_sentences(options.package), read_lexicon(options.package)
    print(json.dumps(report(sentences, lexicon), indent=2))
    everything = [pair for source in SOURCES for pair in sentences[source]]
    # What ships is the model that the report speaks of: the held-out fifth stays unseen.
    model = train([pair for pair in everything if not is_held_out(pair[0])], lexicon)
    content = {"bias": model.bias, "uncertain": model.uncertain, "weights": dict(sorted(model.weights.items()))}
    options.output.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{options.output}: {len(model.weights)} weights, {options.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
