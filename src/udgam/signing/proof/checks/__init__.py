"""The numbered checks. One function each; `STEPS` is the proof, in order."""
