"""Speed and memory of `kohorte` against peers and against the raw limit, in the same run."""
