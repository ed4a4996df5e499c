"""The pool: blank workers kept ready, workers bound to one team for life, and the frames they speak."""
