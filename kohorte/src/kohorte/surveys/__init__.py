"""What do they think? Surveys read right: scores with their noise, those who did not answer, what drives them.

`files` and `stored` hold answers out of a file or beside a shop's orders, `survey` reads them as a whole.
`scales` and `scores` turn answers into scores, `silence` weighs those who answer by those who do not and
`strata` by the sizes of groups, `trend` tells change from chance, `drivers` says what a score goes with,
`foretelling` whether it foretells that customers come again, `comments` and `topics` what they write,
`planning` how many answers it takes and how long customers should be left alone.
"""
