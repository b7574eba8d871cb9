//! All integration tests in one binary: the program as its users see it, and the figures against exact answers.
#![allow(missing_docs)]

mod cli;
mod exact;
