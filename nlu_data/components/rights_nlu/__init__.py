"""Our own parts of the Rasa pipeline: how a text message becomes an intent, a language and entities.

Read in the order a message takes them: `normal_form` (spelling), `ngrams`, `sound` and `concepts`
(features), `head` (weights to probabilities), `reader` (all of these), `intent_and_language` (the
component), `entities` and `entities_by_lookup`. Training adds `language_folders` (what is read),
`sentence_grammar` (patterns), `noise` (typing as it is), `rows`, `learning`, `fitting` and `at_once`.
`train_model` is run by dev/train.py; `proof` tells a sound model from a broken one.
"""
