"""Orders and all that is recorded beside them: lines, refunds, costs, contracts, answers, tickets."""
