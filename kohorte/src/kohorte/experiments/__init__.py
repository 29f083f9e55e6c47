"""Did it work? Trials with control groups: planned, assigned, read and pooled.

`assigning` gives customers their arm, `power` says beforehand what a trial can see, `arms` holds what
was counted, `effects` reads it, `ends` says how sure an interval is while everybody keeps looking,
`pooling` joins repeated trials, `uplift` learns whom to treat. Everything takes sufficient statistics; `counting` gets them by SQL.
"""
