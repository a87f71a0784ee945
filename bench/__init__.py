"""The benchmarks behind `make bench`: each module offers `figures()`, which yields figures with their baselines."""
