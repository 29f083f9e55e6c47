"""The written order of what happens next, one transaction each."""
