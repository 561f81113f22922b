"""Our own parts of the Rasa pipeline: how a text message becomes an intent and a language.

Read in the order a message takes them: `normal_form` (spelling), `concepts` and `ngrams`
(features), `sentence_featurizer`, `linear_head` (weights to probabilities), `intent_and_language`. Training
adds `language_folders` (what is read), `noise` (typing as it is) and `fitting`. `train_model` and
`evaluate` are run by dev/train.py; `proof` tells a sound model from a broken one.
"""
