//! What is out of reach of the exact solver, and why.

use std::fmt;

use crate::scenario::model::Span;

/// Something that the solver does not do, and where the scenario asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfReach {
    /// The term, limit, outcome or number.
    pub what: String,
    /// Why it has no exact answer here.
    pub why: String,
    /// Where it stands.
    pub span: Span,
}

impl OutOfReach {
    pub(super) fn new(what: impl fmt::Display, why: impl Into<String>, span: &Span) -> Self {
        Self { what: what.to_string(), why: why.into(), span: span.clone() }
    }
}

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is out of reach of the exact solver: {}", self.what, self.why)
    }
}

impl std::error::Error for OutOfReach {}
