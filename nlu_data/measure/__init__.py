"""What is measured of the understanding, inside the NLU environment.

`figures` says what is counted, `judging` who is judged by what, `report` and `files` print it,
`thresholds` chooses when the bot is sure. Run by dev/nlu_report.py and dev/nlu_eval.py. No model
depends on anything here.
"""
