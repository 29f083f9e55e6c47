"""How well models foretold a shop's own past: fitted before a day, held to what came after.

`measures` are the yardsticks, `baselines` what everybody can do without a model, and `contest` puts
both together and says which model may show its numbers.
"""
