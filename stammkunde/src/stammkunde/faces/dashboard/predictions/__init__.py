"""Pages of predictions: what customers will bring, who is due, and how well that was foretold before."""
