"""Where clinicians sit: finding a person, the chart, the evaluation, corrections, the outcome."""
