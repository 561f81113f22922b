"""The NLU pipeline of a stock Rasa project: what ours is measured against."""

_PIPELINE = """\
recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: {max_ngram}
  - name: LogisticRegressionClassifier
"""


def stock_config(max_ngram: int) -> str:
    """Text of a config.yml; ``max_ngram`` is the longest run of characters that is a feature."""
    return _PIPELINE.format(max_ngram=max_ngram)
