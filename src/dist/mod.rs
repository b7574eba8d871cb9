//! Distributions: one a file.
