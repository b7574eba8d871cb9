//! Inputs that hang together by stated rank correlations.

use super::InputIndex;
use super::Span;
use crate::dependence::Copula;
use crate::scenario::name::Name;

/// A group of inputs with a correlation for each pair; no input is in two groups.
#[derive(Clone, Debug)]
pub struct Correlation {
    pub(crate) name: Name,
    /// In the order of the file: each follows from those before it and itself, so that one added at the end moves no other.
    pub(crate) inputs: Vec<InputIndex>,
    pub(crate) copula: Copula,
    pub(crate) span: Span,
}

impl Correlation {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// How its inputs hang together.
    #[must_use]
    pub fn copula(&self) -> &Copula {
        &self.copula
    }
}
