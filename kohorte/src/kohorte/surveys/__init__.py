"""What do they think? Surveys read right: scores with their noise, who did not answer, what drives them.

`scales` turns answers into scores, `silence` weighs those who answer by those who do not, `drivers`
says what a score goes with, `foretelling` whether it foretells that customers come again, `planning` how
many answers it takes and how long customers should be left alone.
"""
