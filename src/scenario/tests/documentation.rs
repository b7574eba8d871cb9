//! Every example of the reference is read.
