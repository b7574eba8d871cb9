//! All integration tests in one binary: the program as its users see it, and the figures against exact answers.
#![allow(missing_docs, clippy::unwrap_used)]

mod accounts;
mod bounds;
mod cli;
mod closed_forms;
mod diagnostics;
mod exact;
mod g1;
mod gallery;
mod howto;
mod known_money;
mod known_persons;
mod language;
mod laws;
mod ledger;
mod lint;
mod mutated;
mod new_user;
mod norddjurs;
mod oracle;
mod persons;
mod readme;
mod sampling;
mod studies;
mod support;
mod tutorial;
