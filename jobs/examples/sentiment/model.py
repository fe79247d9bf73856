"""A linear model of words and pairs of words: reads a comment, says how good or bad it sounds."""

import json
import math
import re
from pathlib import Path

MODEL_FILE = Path(__file__).with_name("model.json")
#: Up to so many words behind "not" mean the opposite, or until the next punctuation.
NEGATED_WORDS = 3
NEGATIONS = frozenset(
    "not no never nor neither nothing nobody none cannot cant dont doesnt didnt isnt wasnt arent werent wont wouldnt "
    "shouldnt couldnt hasnt havent hadnt without hardly barely".split()
)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?,;:()]")
_ENDS = frozenset(".!?,;:()")


def features_of(text):
    """The words of a text, those behind a negation with "not_" before them, and the pairs of neighbours."""
    found, left, previous = [], 0, None
    for token in _TOKEN.findall(text.lower()):
        if token in _ENDS:
            left, previous = 0, None
            continue
        word = token.replace("'", "").replace("’", "")
        name = f"not_{word}" if left > 0 else word
        left = NEGATED_WORDS if word in NEGATIONS else left - 1
        found.append(name)
        if previous is not None:
            found.append(f"{previous} {word}")
        previous = word
    return found


class Model:
    """@param weights of words and pairs; of what is not among them the model knows nothing."""

    def __init__(self, bias, weights, uncertain):
        self.bias = bias
        self.weights = weights
        #: A score nearer to 0 than this is neutral.
        self.uncertain = uncertain

    @classmethod
    def load(cls, file=MODEL_FILE):
        data = json.loads(Path(file).read_text(encoding="utf-8"))
        return cls(data["bias"], data["weights"], data["uncertain"])

    def score(self, text):
        """From -1, surely negative, to 1, surely positive; 0 where no word is known."""
        weights = self.weights
        known = [weights[name] for name in features_of(text) if name in weights]
        if not known:
            return 0.0
        return math.tanh((self.bias + sum(known) / math.sqrt(len(known))) / 2)

    def label(self, score):
        if abs(score) < self.uncertain:
            return "neutral"
        return "positive" if score > 0 else "negative"
