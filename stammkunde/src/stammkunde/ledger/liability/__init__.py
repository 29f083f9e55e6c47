"""What is owed for open points: lots by month and age, hazards, outlook, chain-ladder, back-test.

Pure mathematics on plain numbers, free of Django: `lots` lays them out, `hazards` says how points
leave by age, `outlook` what becomes of those still open, `chain_ladder` asks a second method, and
`back_test` holds the outlook to the program's own past.
"""
